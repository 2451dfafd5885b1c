using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Running;

namespace ReplayHarness.Tests.Support;

/// <summary>Replays the drivers of this assembly.</summary>
internal static class Replay
{
    public static string Assembly { get; } = typeof(Replay).Assembly.Location;

    public static Task<ReplayReport> RunAsync<TDriver>(string? fixture = null, string schedules = "all", params string[] hypotheses)
        where TDriver : IReplayDriver =>
        Replayer.RunAsync(
            fixture ?? Data.Fixture,
            Agent.Of<TDriver>(),
            new ReplayOptions { Schedules = Schedules.Parse(schedules), Hypotheses = hypotheses }
        );

    public static Task<ReplayReport> RunAsync(string fixture, string? driver, ReplayOptions? options = null) =>
        Replayer.RunAsync(fixture, Agent.InAssembly(Assembly, driver), options);

    public static Task<ReplayReport> RunAsync(string fixture, Agent agent, ReplayOptions? options = null) =>
        Replayer.RunAsync(fixture, agent, options);

    /// <summary>
    /// The verdicts in one line: each hypothesis that counts with failing, explored and overlapping schedules, then all together.
    /// </summary>
    public static string Line(ReplayReport report) =>
        string.Join(
            ", ",
            report
                .Hypotheses.Where(h => h.Counts)
                .Select(h =>
                    $"{h.Name} {h.Verdict.Text()} {h.Schedules.Failing}/{h.Schedules.Represented} ({h.Schedules.Overlapped} overlapped)"
                )
        ) + $" -> {report.Verdict.Text()}";
}
