using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>From what the exporter sent to a verdict, as the commands go: nothing is edited between.</summary>
internal static class TeamRuns
{
    public static async Task<ReplayReport> RunAsync(string incident, string agent, params string[] hypotheses)
    {
        using var folder = new TempFolder();
        var fixture = Path.Combine(folder.Path, incident);
        FixtureCapture.Write(fixture, Traces(incident), new() { Healthy = Traces($"{incident}-healthy") });
        return await Replay.RunAsync(
            fixture,
            agent.StartsWith("Web", StringComparison.Ordinal)
                ? Agent.InAssembly(Repo.WebDesk, agent)
                : Agent.InAssembly(Repo.TeamAgents, $"ReplayHarness.Tests.TeamAgents.{agent}"),
            new ReplayOptions { Hypotheses = hypotheses is [] ? ["captured@tool", "healthy@http"] : hypotheses }
        );
    }

    /// <summary>What is asserted of every agent: the whole verdict, that of each hypothesis, and that all was explored.</summary>
    public static async Task VerdictsAsync(string incident, string agent, VerdictKind verdict, VerdictKind captured, VerdictKind healthy)
    {
        var report = await RunAsync(incident, agent);
        Assert.Multiple(() =>
        {
            Assert.That(report.Hypotheses.Select(h => h.Verdict), Is.EqualTo(new[] { captured, healthy }), Words(report));
            Assert.That(report.Verdict, Is.EqualTo(verdict), Words(report));
            Assert.That(report.Hypotheses.Select(h => h.Schedules.Exhaustive), Is.All.True, Words(report));
        });
    }

    /// <summary>The fixed agent twice: the same verdict, and one log.</summary>
    public static async Task OneLogAsync(string incident, string agent)
    {
        var (first, second) = (await RunAsync(incident, agent), await RunAsync(incident, agent));
        Assert.That(second.LogHash, Is.EqualTo(first.LogHash), Words(second));
    }

    private static IReadOnlyList<ReplayHarness.Traces.Trace> Traces(string name) => Data.Load(Data.Path($"teams/{name}.jsonl"));

    private static string Words(ReplayReport report) =>
        $"{report.Sentence} {string.Join('\n', report.Hypotheses.SelectMany(h => h.Reasons.Prepend($"{h.Name} {h.Sentence}")))}";
}
