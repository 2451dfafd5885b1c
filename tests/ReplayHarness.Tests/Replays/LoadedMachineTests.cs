using System.Diagnostics;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>A machine that others keep busy changes no verdict.</summary>
[Platform(Exclude = "Win", Reason = "it is kept busy by shells")]
public sealed class LoadedMachineTests
{
    [Test]
    [NonParallelizable]
    [CancelAfter(180_000)]
    public async Task A_step_that_others_hold_up_is_not_stuck()
    {
        var busy = Enumerable.Range(0, 20).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"])).ToArray();
        try
        {
            using var folder = new TempFolder();
            var report = await Replay.RunAsync(
                Authored.Write(folder, "control", PitfallRuns.Of("LostUpdate")),
                nameof(ComputesForAWhile),
                new ReplayOptions
                {
                    Schedules = Schedules.Captured,
                    StepLimit = TimeSpan.FromSeconds(1),
                    Hypotheses = ["captured@tool"],
                }
            );
            Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed), report.Sentence);
        }
        finally
        {
            foreach (var process in busy)
            {
                process.Kill();
                process.Dispose();
            }
        }
    }
}
