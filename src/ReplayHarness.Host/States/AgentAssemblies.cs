using System.Text.Json;

namespace ReplayHarness.Host.States;

/// <summary>
/// The assemblies that an agent's team writes itself, as the build has listed them: the driver's, and the projects it references.
/// </summary>
internal static class AgentAssemblies
{
    private static readonly string[] s_harness =
    [
        "ReplayHarness.Traces",
        "ReplayHarness",
        "ReplayHarness.Host",
        "ReplayHarness.NUnit",
        "ReplayHarness.Cli",
        "replay-harness",
        "ReplayHarness.Server",
    ];

    /// <summary>The names of the projects that a build lists beside an assembly.</summary>
    public static HashSet<string> Projects(string file)
    {
        if (!File.Exists(file))
            return [];
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return
        [
            .. document
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(l => l.Value.TryGetProperty("type", out var type) && type.ValueEquals("project"))
                .Select(l => l.Name.Split('/')[0])
                .Where(name => !s_harness.Contains(name, StringComparer.Ordinal)),
        ];
    }
}
