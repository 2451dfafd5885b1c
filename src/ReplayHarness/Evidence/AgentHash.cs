using System.Security.Cryptography;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ReplayHarness.Evidence;

/// <summary>
/// A hash of what an agent's code does: the instructions of the driver, of what it reaches in its own assembly, and of the team's
/// assemblies that this reaches, with the members and texts they name, and what is caught where. Building the same sources again does not
/// change it.
/// </summary>
internal static class AgentHash
{
    /// <summary>The hash, in hexadecimal.</summary>
    /// <param name="assembly">The assembly that holds the driver.</param>
    /// <param name="driver">The driver's name; null for all types of the assembly.</param>
    public static string Of(string assembly, string? driver)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reached = new ReachedAssemblies();
        Add(hash, assembly, driver, reached);
        foreach (var other in reached.Among(Agents(assembly)))
            Add(hash, other, null, null);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // What was built with the driver, and is no package and not the harness: it lies beside it with its symbols.
    private static string[] Agents(string assembly) =>
        [
            .. Directory
                .GetFiles(Path.GetDirectoryName(Path.GetFullPath(assembly))!, "*.dll")
                .Order(StringComparer.Ordinal)
                .Where(file =>
                    Path.GetFileName(file) != Path.GetFileName(assembly)
                    && File.Exists(Path.ChangeExtension(file, ".pdb"))
                    && !Path.GetFileName(file).StartsWith("ReplayHarness", StringComparison.Ordinal)
                    && !Path.GetFileName(file).StartsWith("replay-harness", StringComparison.Ordinal)
                ),
        ];

    private static void Add(IncrementalHash hash, string file, string? driver, ReachedAssemblies? reached)
    {
        using var module = ModuleDefinition.ReadModule(file);
        var found = driver is null ? null : Find(module, driver);
        // A driver that is not found by its name may be any of them.
        TypeDefinition[] types = found is null ? [.. module.Types] : [.. ReachedTypes.From(found)];
        foreach (var method in types.SelectMany(Methods))
            Add(hash, method);
        reached?.Add(types);
    }

    private static void Add(IncrementalHash hash, MethodDefinition method)
    {
        Add(hash, method.FullName);
        if (!method.HasBody)
            return;
        foreach (var instruction in method.Body.Instructions)
            Add(hash, $"{instruction}");
        foreach (var handler in method.Body.ExceptionHandlers)
            Add(hash, $"{handler.HandlerType} {handler.CatchType?.FullName} {handler.TryStart.Offset} {handler.HandlerStart.Offset}");
    }

    internal static IEnumerable<MethodDefinition> Methods(TypeDefinition type) => type.Methods.Concat(type.NestedTypes.SelectMany(Methods));

    private static TypeDefinition? Find(ModuleDefinition module, string driver) =>
        module.Types.FirstOrDefault(t => t.FullName == driver) ?? module.Types.FirstOrDefault(t => Simple(t.Name) == Simple(driver));

    // A driver may be named by its simple name, in kebab-case too.
    private static string Simple(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
}
