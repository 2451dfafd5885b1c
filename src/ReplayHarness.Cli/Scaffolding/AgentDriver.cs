using ReplayHarness.Diagnosis.Readiness;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>The driver of an agent's project, as far as its references, its sources and the trace tell how the agent is started.</summary>
/// <param name="Body">What it says; null where nothing is known of a framework.</param>
/// <param name="Starts">What it starts, for people; null where a loop stands in for the agent.</param>
/// <param name="Candidates">The classes that the agent may be, where no single one is it.</param>
internal sealed record AgentDriver(DriverBody? Body, string? Starts, IReadOnlyList<string> Candidates)
{
    /// <summary>Reads a project, and writes its driver.</summary>
    /// <param name="project">The agent's project.</param>
    /// <param name="start">The class that is named, or null.</param>
    /// <param name="runs">The captured runs.</param>
    /// <param name="fixture">What was captured of them.</param>
    public static AgentDriver Of(AgentProject project, string? start, IReadOnlyList<AgentRun> runs, Fixture fixture)
    {
        var code = AgentCode.Of(project.Files);
        var framework = FrameworkOf(project, runs);
        var history = fixture.Input.History is { Count: > 0 };
        var found = start is null ? AgentFinder.All(code, framework, history) : [AgentFinder.Named(code, start, history)];
        var driver = new FoundDriver(project, code, fixture);
        if (found is [var agent])
            return new(driver.Of(agent), $"{agent.Type.FullName}.{agent.Ask.Name}", []);
        if (found.Count == 0 && framework is AgentFramework.AgentFramework && AgentFinder.RegistersAgent(code))
            return new(driver.OfContainer(), "AIAgent", []);
        return new(StandIns.Of(framework, fixture), null, [.. found.Select(a => a.Type.FullName)]);
    }

    /// <summary>Fails where a project has no class of that name: before anything is written.</summary>
    /// <exception cref="BadInputException">It has none.</exception>
    public static void Check(AgentProject project, string start) =>
        AgentFinder.Named(AgentCode.Of(project.Files), start, withHistory: false);

    // A project may refer to several: the trace says which of them ran.
    private static AgentFramework FrameworkOf(AgentProject project, IReadOnlyList<AgentRun> runs)
    {
        AgentFramework[] all = [AgentFramework.AgentFramework, AgentFramework.SemanticKernel, AgentFramework.ExtensionsAi];
        var wrote = runs.Count == 0 ? TelemetryWriter.Other : TelemetryWriters.Of(runs[0]);
        if (wrote is TelemetryWriter.ProviderSdk)
            return AgentFramework.None;
        var first = wrote switch
        {
            TelemetryWriter.SemanticKernel => AgentFramework.SemanticKernel,
            TelemetryWriter.ExtensionsAi => AgentFramework.ExtensionsAi,
            _ => AgentFramework.AgentFramework,
        };
        return all.OrderBy(f => f == first ? 0 : 1).FirstOrDefault(f => Has(project, f));
    }

    // Both others bring the packages of Microsoft.Extensions.AI along.
    private static bool Has(AgentProject project, AgentFramework framework)
    {
        var (agents, kernel) = (project.Refers("Microsoft.Agents.AI"), project.Refers("Microsoft.SemanticKernel"));
        return framework switch
        {
            AgentFramework.AgentFramework => agents,
            AgentFramework.SemanticKernel => kernel,
            _ => agents || kernel || project.RefersExactly("Microsoft.Extensions.AI"),
        };
    }
}
