using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

namespace ReplayHarness.Verdicts.Evidence;

/// <summary>
/// A hash of what an agent's code does: names, signatures, instructions and texts of the driver and of the assemblies that its project references. Building the same sources again does not change it.
/// </summary>
internal static class AgentHash
{
    /// <summary>The hash, in hexadecimal.</summary>
    /// <param name="assembly">The assembly that holds the driver.</param>
    /// <param name="driver">The driver's full name; null for all types of the assembly.</param>
    public static string Of(string assembly, string? driver)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, assembly, driver);
        foreach (var other in Agents(assembly)) Add(hash, other, null);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // What was built with the driver, and is no package and not the harness: it lies beside it with its symbols.
    private static IEnumerable<string> Agents(string assembly) =>
        Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(assembly))!, "*.dll").Order(StringComparer.Ordinal)
            .Where(file => Path.GetFileName(file) != Path.GetFileName(assembly) && File.Exists(Path.ChangeExtension(file, ".pdb")) && !Path.GetFileName(file).StartsWith("ReplayHarness", StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith("replay-harness", StringComparison.Ordinal));

    private static void Add(IncrementalHash hash, string file, string? driver)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        var wanted = driver is null ? null : WithBases(metadata, driver);
        foreach (var type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
        {
            if (wanted is not null && !wanted.Contains(NameOf(metadata, type))) continue;
            Add(hash, NameOf(metadata, type));
            foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition)) Add(hash, image, metadata, method);
        }
    }

    private static void Add(IncrementalHash hash, PEReader image, MetadataReader metadata, MethodDefinition method)
    {
        Add(hash, metadata.GetString(method.Name));
        hash.AppendData(metadata.GetBlobBytes(method.Signature));
        if (method.RelativeVirtualAddress == 0) return;
        var body = image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
        hash.AppendData(body);
        foreach (var text in Texts(metadata, body)) Add(hash, text);
    }

    // The instruction alone names a text, or a member, by a number that another text may have next time.
    private static IEnumerable<string> Texts(MetadataReader metadata, byte[] body)
    {
        const byte LoadString = 0x72, Table = 0x70;
        for (var i = 0; i + 4 < body.Length; i++)
        {
            if (body[i] != LoadString || body[i + 4] != Table) continue;
            var token = BitConverter.ToInt32(body, i + 1);
            if ((token & 0xFFFFFF) is var offset && offset > 0 && offset < metadata.GetHeapSize(HeapIndex.UserString)) yield return Text(metadata, token);
        }
    }

    private static string Text(MetadataReader metadata, int token)
    {
        try
        {
            return metadata.GetUserString(MetadataTokens.UserStringHandle(token & 0xFFFFFF));
        }
        catch (BadImageFormatException)
        {
            // The bytes only looked like the loading of a text.
            return "";
        }
    }

    private static HashSet<string> WithBases(MetadataReader metadata, string driver)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        var byName = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Where(t => !t.IsNested).GroupBy(t => NameOf(metadata, t), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var found = byName.Keys.Where(name => Simple(name) == Simple(driver)).Order(StringComparer.Ordinal).FirstOrDefault(name => name == driver || !driver.Contains('.', StringComparison.Ordinal));
        for (var name = found ?? driver; byName.TryGetValue(name, out var type) && names.Add(name);)
        {
            foreach (var nested in type.GetNestedTypes().Select(metadata.GetTypeDefinition)) names.Add(NameOf(metadata, nested));
            if (type.BaseType.Kind != HandleKind.TypeDefinition) break;
            name = NameOf(metadata, metadata.GetTypeDefinition((TypeDefinitionHandle)type.BaseType));
        }
        return names;
    }

    // A driver may be named by its simple name, in kebab-case too.
    private static string Simple(string name) => name[(name.LastIndexOf('.') + 1)..].Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string NameOf(MetadataReader metadata, TypeDefinition type) => type.IsNested
        ? $"{NameOf(metadata, metadata.GetTypeDefinition(type.GetDeclaringType()))}+{metadata.GetString(type.Name)}"
        : type.Namespace.IsNil ? metadata.GetString(type.Name) : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";

    private static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
}
