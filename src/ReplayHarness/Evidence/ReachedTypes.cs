using System.Text;
using Mono.Cecil;

namespace ReplayHarness.Evidence;

/// <summary>The types that a type's code can reach: what it is, names, makes or calls, and what its attributes name.</summary>
internal static class ReachedTypes
{
    private const string OnlyData = "<PrivateImplementationDetails>";

    /// <summary>The types that a type and those within it name, as they are named.</summary>
    /// <param name="type">The type.</param>
    /// <param name="byName">The types of its assembly, by the names of reflection.</param>
    public static IEnumerable<TypeReference> NamedBy(TypeDefinition type, IReadOnlyDictionary<string, TypeDefinition> byName) =>
        NamedBy(type).SelectMany(Parts).Concat(Attributes(type).SelectMany(a => NamedBy(a, byName)));

    /// <summary>The type that no other holds.</summary>
    public static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>
    /// True for what the compiler makes for the data of all types of an assembly: a field is named by a hash of what it holds, and its
    /// methods are the same everywhere.
    /// </summary>
    public static bool IsOnlyData(TypeDefinition type) => type.Name.StartsWith(OnlyData, StringComparison.Ordinal);

    private static IEnumerable<TypeReference?> NamedBy(TypeDefinition type) =>
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.Fields.Select(f => f.FieldType),
            .. type.Methods.SelectMany(NamedBy),
            .. type.NestedTypes.SelectMany(NamedBy),
        ];

    private static IEnumerable<TypeReference?> NamedBy(MethodDefinition method)
    {
        foreach (var type in method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType))
            yield return type;
        if (!method.HasBody)
            yield break;
        foreach (var variable in method.Body.Variables)
            yield return variable.VariableType;
        foreach (var handler in method.Body.ExceptionHandlers)
            yield return handler.CatchType;
        foreach (var type in method.Body.Instructions.SelectMany(i => NamedBy(i.Operand)))
            yield return type;
    }

    private static IEnumerable<TypeReference?> NamedBy(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            GenericInstanceMethod made => [made.DeclaringType, .. made.GenericArguments],
            MemberReference member => [member.DeclaringType],
            _ => [],
        };

    /// <summary>The attributes of a type, of its members, and of the types within it.</summary>
    private static IEnumerable<CustomAttribute> Attributes(TypeDefinition type) =>
        type
            .CustomAttributes.Concat(type.Fields.SelectMany(f => f.CustomAttributes))
            .Concat(type.Properties.SelectMany(p => p.CustomAttributes))
            .Concat(type.Methods.SelectMany(m => m.CustomAttributes))
            .Concat(type.Methods.SelectMany(m => m.MethodReturnType.CustomAttributes))
            .Concat(type.Methods.SelectMany(m => m.Parameters).SelectMany(p => p.CustomAttributes))
            .Concat(type.NestedTypes.SelectMany(Attributes));

    // The types that it is given stand in its bytes as texts, before each of which stands its length.
    private static IEnumerable<TypeReference> NamedBy(CustomAttribute attribute, IReadOnlyDictionary<string, TypeDefinition> byName)
    {
        foreach (var part in Parts(attribute.AttributeType))
            yield return part;
        foreach (var word in Words(attribute.GetBlob()))
            if (byName.TryGetValue(word, out var type) || (word.Length > 1 && byName.TryGetValue(word[1..], out type)))
                yield return type;
    }

    private static string[] Words(byte[] blob) =>
        new string([.. Encoding.UTF8.GetString(blob).Select(c => char.IsLetterOrDigit(c) || "_.+`<>$".Contains(c) ? c : ' ')]).Split(
            ' ',
            StringSplitOptions.RemoveEmptyEntries
        );

    // List<Order[]> is List, Order[] and Order; a type of another assembly is a reference, not a definition.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) =>
        type switch
        {
            null => [],
            GenericInstanceType made => [made.ElementType, .. made.GenericArguments.SelectMany(Parts)],
            TypeSpecification made => Parts(made.ElementType),
            _ => [type],
        };
}
