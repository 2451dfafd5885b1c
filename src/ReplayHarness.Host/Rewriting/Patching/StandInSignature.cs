using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace ReplayHarness.Host.Rewriting.Patching;

/// <summary>
/// The signature of a method that stands in for a member, in the tokens of the assembly that calls it (ECMA-335, II.23.2.1): an instance
/// member becomes a static method that takes the instance first, a constructor one that returns the new object.
/// </summary>
internal static class StandInSignature
{
    private const byte HasThis = 0x20;
    private const byte Generic = 0x10;
    private const byte ByReference = 0x10;
    private const byte ValueType = 0x11;
    private const byte Class = 0x12;

    public static byte[] Of(MetadataReader metadata, MemberReference member, MethodInfo target)
    {
        var original = metadata.GetBlobBytes(member.Signature);
        if ((original[0] & HasThis) == 0)
            return original;
        var reader = metadata.GetBlobReader(member.Signature);
        var header = reader.ReadByte();
        var result = new BlobBuilder();
        result.WriteByte((byte)(header & ~HasThis));
        if ((header & Generic) != 0)
            result.WriteCompressedInteger(reader.ReadCompressedInteger());
        var count = reader.ReadCompressedInteger();
        var start = reader.Offset;
        new SignatureDecoder<byte, object?>(new Nothing(), metadata, null).DecodeType(ref reader);
        var (returned, parameters) = (original[start..reader.Offset], original[reader.Offset..]);
        if (metadata.StringComparer.Equals(member.Name, ".ctor"))
        {
            result.WriteCompressedInteger(count);
            WriteSelf(result, member, target.ReturnType);
        }
        else
        {
            result.WriteCompressedInteger(count + 1);
            result.WriteBytes(returned);
            WriteSelf(result, member, target.GetParameters()[0].ParameterType);
        }
        result.WriteBytes(parameters);
        return result.ToArray();
    }

    private static void WriteSelf(BlobBuilder result, MemberReference member, Type type)
    {
        if (type.IsByRef)
            result.WriteByte(ByReference);
        result.WriteByte(type.IsByRef || type.IsValueType ? ValueType : Class);
        result.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(member.Parent));
    }

    // Only how long a type is counts.
    private sealed class Nothing : ISignatureTypeProvider<byte, object?>
    {
        public byte GetArrayType(byte elementType, ArrayShape shape) => 0;

        public byte GetByReferenceType(byte elementType) => 0;

        public byte GetFunctionPointerType(MethodSignature<byte> signature) => 0;

        public byte GetGenericInstantiation(byte genericType, ImmutableArray<byte> typeArguments) => 0;

        public byte GetGenericMethodParameter(object? genericContext, int index) => 0;

        public byte GetGenericTypeParameter(object? genericContext, int index) => 0;

        public byte GetModifiedType(byte modifier, byte unmodifiedType, bool isRequired) => 0;

        public byte GetPinnedType(byte elementType) => 0;

        public byte GetPointerType(byte elementType) => 0;

        public byte GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

        public byte GetSZArrayType(byte elementType) => 0;

        public byte GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => 0;

        public byte GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;

        public byte GetTypeFromSpecification(MetadataReader r, object? context, TypeSpecificationHandle handle, byte rawTypeKind) => 0;
    }
}
