using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>One agent of one incident, to be replayed.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Agent">The agent's short name; empty where the incident's own file cannot be read.</param>
/// <param name="Fixture">The fixture's folder, relative to the current one.</param>
/// <param name="Expected">What it is expected to show; null where the incident's own file cannot be read.</param>
/// <param name="Error">Why that is so, for a person; null where it can be read.</param>
internal sealed record FleetJob(string Incident, string Agent, string Fixture, ExpectedAgent? Expected, string? Error = null)
{
    /// <summary><c>drive-timeout/shipped</c>: unlike all others of a folder.</summary>
    public string Name => Agent.Length == 0 ? Incident : $"{Incident}/{Agent}";
}

/// <summary>The jobs of a folder of incidents.</summary>
internal static class FleetJobs
{
    /// <summary>Those that are asked for, in order of incidents, then as each incident names its agents.</summary>
    /// <param name="folder">The folder that holds a folder with <c>expected.json</c> for each incident.</param>
    /// <param name="incident">Only this incident; null for all.</param>
    /// <param name="agent">Only this agent of each incident; null for all.</param>
    /// <exception cref="BadInputException">There is no such folder, incident or agent.</exception>
    public static IReadOnlyList<FleetJob> Of(string folder, string? incident, string? agent)
    {
        List<FleetJob> all = [.. Files(folder, incident).SelectMany(Of)];
        List<FleetJob> chosen = [.. all.Where(j => agent is null || j.Agent == agent || j.Error is not null)];
        return chosen.Count > 0
            ? chosen
            : throw new BadInputException(
                $"{folder}: there is no agent {agent}; there are {string.Join(", ", all.Select(j => j.Agent).Distinct())}"
            );
    }

    private static IEnumerable<FleetJob> Of(string file)
    {
        try
        {
            var expected = Expectations.Load(file);
            if (Unclear(expected.Agents) is { } unclear)
                throw new BadInputException($"{file}: {unclear}");
            var fixture = Path.GetRelativePath(Directory.GetCurrentDirectory(), expected.FixturePath);
            return expected.Agents.Select(a => new FleetJob(expected.Incident, a.Agent, fixture, a));
        }
        catch (BadInputException e)
        {
            return [new(Path.GetFileName(Path.GetDirectoryName(file)!), "", "", null, e.Message)];
        }
    }

    // A result is kept and merged by the name of its agent.
    private static string? Unclear(IReadOnlyList<ExpectedAgent> agents) =>
        agents.Any(a => a.Agent.Length == 0)
                ? "names an agent without a name; give each a name of its own"
            : agents.GroupBy(a => a.Agent, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { Key: var twice }
                ? $"names two agents {twice}; give each a name of its own"
            : null;

    private static string[] Files(string folder, string? incident)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"{folder}: there is no such folder");
        string[] files =
        [
            .. Directory
                .GetDirectories(folder)
                .Order(StringComparer.Ordinal)
                .Select(d => Path.Combine(d, Expectations.FileName))
                .Where(File.Exists),
        ];
        string[] chosen = [.. files.Where(f => incident is null || Path.GetFileName(Path.GetDirectoryName(f)) == incident)];
        return chosen.Length > 0
            ? chosen
            : throw new BadInputException(
                $"{folder}: there is no incident {incident}; there are "
                    + $"{string.Join(", ", files.Select(f => Path.GetFileName(Path.GetDirectoryName(f))))}"
            );
    }
}
