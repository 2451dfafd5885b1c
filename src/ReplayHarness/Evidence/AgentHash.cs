using Mono.Cecil;

namespace ReplayHarness.Evidence;

/// <summary>
/// A hash of what an agent's code does: that of the driver, of what it reaches in its own assembly, and of the team's assemblies that this
/// reaches, with the members and texts they name, and what is caught where. Building the same sources again does not change it.
/// </summary>
internal static class AgentHash
{
    /// <summary>The hash, in hexadecimal.</summary>
    /// <param name="assembly">The assembly that holds the driver.</param>
    /// <param name="driver">The driver's name; null for all types of the assembly.</param>
    public static string Of(string assembly, string? driver)
    {
        using var code = new AgentCode(assembly, withLines: false);
        return code.Of(driver).Hash;
    }

    /// <summary>The assemblies that lie beside a driver's and were built with it: no package, and not the harness.</summary>
    public static IReadOnlyList<string> TeamOf(string assembly) =>
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

    /// <summary>The type of a driver; null where none has that name.</summary>
    public static TypeDefinition? Find(ModuleDefinition module, string driver) =>
        module.Types.FirstOrDefault(t => t.FullName == driver) ?? module.Types.FirstOrDefault(t => Simple(t.Name) == Simple(driver));

    // A driver may be named by its simple name, in kebab-case too.
    private static string Simple(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
