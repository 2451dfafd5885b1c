using System.Reflection;
using System.Text.Json;

namespace ReplayHarness.Host.States;

/// <summary>The assemblies that an agent's team writes itself, as the build has listed them: the driver's, and the projects it references.</summary>
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

    public static IReadOnlyList<Assembly> Of(Type driver)
    {
        var own = driver.Assembly;
        var projects = Projects(Path.ChangeExtension(own.Location, ".deps.json"));
        return
        [
            own,
            .. AppDomain
                .CurrentDomain.GetAssemblies()
                .Where(a => a != own && a.GetName().Name is { } name && projects.Contains(name))
                .OrderBy(a => a.FullName, StringComparer.Ordinal),
        ];
    }

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
