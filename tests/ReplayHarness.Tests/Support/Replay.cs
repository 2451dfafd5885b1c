using ReplayHarness.Judging;
using ReplayHarness.Running;

namespace ReplayHarness.Tests.Support;

/// <summary>Replays the drivers of this assembly.</summary>
internal static class Replay
{
    public static string Assembly { get; } = typeof(Replay).Assembly.Location;

    public static Task<ReplayReport> RunAsync<TDriver>(string? fixture = null, string schedules = "all", params string[] hypotheses) =>
        RunAsync(
            new ReplayJob
            {
                Fixture = fixture ?? Data.Fixture,
                Assembly = Assembly,
                Driver = typeof(TDriver).FullName,
                Schedules = schedules,
                Hypotheses = hypotheses,
            }
        );

    public static async Task<ReplayReport> RunAsync(ReplayJob job)
    {
        using var host = ReplayHost.Start(job.Assembly);
        return await host.RunAsync(job);
    }

    /// <summary>The verdicts in one line: each hypothesis that counts with failing, explored and overlapping schedules, then all together.</summary>
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
