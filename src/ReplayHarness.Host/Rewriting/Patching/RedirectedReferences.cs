using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting.Patching;

/// <summary>A reference to a member that is redirected or noted.</summary>
/// <param name="Row">The row of the reference.</param>
/// <param name="Target">What is called instead; null where the call is noted, which takes more than another reference.</param>
/// <param name="Arguments">The arguments of a generic method: their row; null where there are none.</param>
internal sealed record RedirectedReference(MemberReference Row, MethodInfo? Target, MethodSpecification? Arguments);

/// <summary>The references of an assembly to members that are redirected or noted, by their tokens.</summary>
internal static class RedirectedReferences
{
    public static Dictionary<int, RedirectedReference> Of(MetadataReader metadata, Caller caller)
    {
        Dictionary<int, RedirectedReference> found = [];
        foreach (var handle in metadata.MemberReferences)
            if (Find(metadata, metadata.GetMemberReference(handle), caller) is { } reference)
                found.Add(MetadataTokens.GetToken(handle), reference);
        if (found.Count == 0)
            return found;
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
        {
            var handle = MetadataTokens.MethodSpecificationHandle(row);
            var arguments = metadata.GetMethodSpecification(handle);
            if (found.TryGetValue(MetadataTokens.GetToken(arguments.Method), out var generic))
                found.Add(MetadataTokens.GetToken(handle), generic with { Arguments = arguments });
        }
        return found;
    }

    private static RedirectedReference? Find(MetadataReader metadata, MemberReference member, Caller caller)
    {
        if (member.Parent.Kind != HandleKind.TypeReference || member.GetKind() != MemberReferenceKind.Method)
            return null;
        var type = SignatureNames.Of(metadata, (TypeReferenceHandle)member.Parent);
        if (!CallTable.IsOfInterest(type, caller))
            return null;
        var name = metadata.GetString(member.Name);
        var parameters = member.DecodeMethodSignature(new SignatureNames(), null).ParameterTypes;
        if (CallTable.Redirect($"{type}::{name}({string.Join(',', parameters)})", caller) is { } target)
            return new(member, target, null);
        // A base class may be made by what derives from it: only taken apart, one tells that from another.
        return Advice.On(type, name, "", caller) is not null || Guards.Has(type, name, caller) ? new(member, null, null) : null;
    }

    // The names of types as the table of calls has them.
    private sealed class SignatureNames : ISignatureTypeProvider<string, object?>
    {
        public static string Of(MetadataReader metadata, TypeReferenceHandle handle)
        {
            var type = metadata.GetTypeReference(handle);
            var name = metadata.GetString(type.Name);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                    ? $"{Of(metadata, (TypeReferenceHandle)type.ResolutionScope)}/{name}"
                : type.Namespace.IsNil ? name
                : $"{metadata.GetString(type.Namespace)}.{name}";
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Of(reader, handle);

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

        public string GetSZArrayType(string elementType) => $"{elementType}[]";

        public string GetByReferenceType(string elementType) => $"{elementType}&";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
            $"{genericType}<{string.Join(',', typeArguments)}>";

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => $"{elementType}*";

        // No member in the table has one of these.
        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "method";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromSpecification(
            MetadataReader reader,
            object? genericContext,
            TypeSpecificationHandle handle,
            byte rawTypeKind
        ) => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
    }
}
