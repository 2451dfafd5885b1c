using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ReplayHarness.Host.Rewriting;

/// <summary>What an assembly says of itself and of others' fields, read without opening it for writing.</summary>
internal static class FieldReaders
{
    private const byte GenericInstance = 0x15;

    /// <summary>True for an assembly whose methods all are IL, compiled ahead of time or not, so that it can be written again.</summary>
    public static bool CanBeWritten(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        return IsManaged(image)
            && image.PEHeaders.CorHeader is { } header
            && (header.Flags.HasFlag(CorFlags.ILOnly) || header.ManagedNativeHeaderDirectory.Size > 0);
    }

    /// <summary>The libraries outside of .NET whose functions an assembly calls.</summary>
    public static IReadOnlySet<string> NativeLibraries(string file) =>
        Read(
            file,
            metadata =>
                Enumerable
                    .Range(1, metadata.GetTableRowCount(TableIndex.ModuleRef))
                    .Select(row => metadata.GetString(metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)).Name))
        );

    /// <summary>The names of the assemblies that an assembly uses.</summary>
    public static IReadOnlySet<string> References(string file) =>
        Read(file, metadata => metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name)));

    private static HashSet<string> Read(string file, Func<MetadataReader, IEnumerable<string>> read)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        return IsManaged(image) ? read(image.GetMetadataReader()).ToHashSet(StringComparer.Ordinal) : [];
    }

    /// <summary>The types of other assemblies whose fields an assembly reads or writes: the assembly's name, and theirs.</summary>
    public static IReadOnlyList<(string Assembly, string Type)> TypesRead(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        if (!IsManaged(image))
            return [];
        var metadata = image.GetMetadataReader();
        return
        [
            .. metadata
                .MemberReferences.Select(metadata.GetMemberReference)
                .Where(m => m.GetKind() == MemberReferenceKind.Field)
                .Select(m => NameOf(metadata, TypeOf(metadata, m.Parent)))
                .OfType<(string, string)>(),
        ];
    }

    private static bool IsManaged(PEReader image) => image is { HasMetadata: true, PEHeaders.CorHeader: not null };

    // Of a generic type that is named with its arguments, the type itself.
    private static EntityHandle TypeOf(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind != HandleKind.TypeSpecification)
            return parent;
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadByte() != GenericInstance)
            return default;
        signature.ReadByte();
        return signature.ReadTypeHandle();
    }

    private static (string Assembly, string Type)? NameOf(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.IsNil || handle.Kind != HandleKind.TypeReference)
            return null;
        var type = metadata.GetTypeReference((TypeReferenceHandle)handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind switch
        {
            HandleKind.AssemblyReference => (
                metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name),
                type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}"
            ),
            HandleKind.TypeReference when NameOf(metadata, type.ResolutionScope) is var (assembly, outer) => (assembly, $"{outer}/{name}"),
            _ => null,
        };
    }
}
