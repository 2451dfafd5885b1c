using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// What an agent leaves with the framework is gone when the next schedule begins, and two states that differ only there are not taken for
/// equal: half of the first turn's orders fail, whatever follows.
/// </summary>
public sealed class LeftBehindTests
{
    [Test]
    public async Task What_is_left_with_the_framework(
        [Values(
            "File",
            "Attribute",
            "Variable",
            "Data",
            "Switch",
            "Culture",
            "Output",
            "Listener",
            "CurrentFolder",
            "ExitCode",
            "Handler",
            "Observer",
            "Activities",
            "Sources",
            "Encoding"
        )]
            string place,
        [Values] bool broken
    )
    {
        var report = await RunAsync($"Leaves{place}{(broken ? "Broken" : "Fixed")}");
        Assert.That(
            Replay.Line(report),
            Is.EqualTo(
                broken
                    ? "captured@tool reproduced 720/1440 (1440 overlapped) -> reproduced"
                    : "captured@tool removed 0/1440 (1440 overlapped) -> removed"
            ),
            report.Sentence
        );
    }

    // A thread has its name for itself: there nothing is fixed by writing it first.
    [Test]
    public async Task What_is_left_with_a_thread() =>
        Assert.That(
            Replay.Line(await RunAsync(nameof(LeavesThreadNameBroken))),
            Is.EqualTo("captured@tool reproduced 720/1440 (1440 overlapped) -> reproduced")
        );

    private static async Task<ReplayReport> RunAsync(string driver)
    {
        using var folder = new TempFolder();
        return await Replay.RunAsync(
            Authored.Write(folder, "left", PitfallRuns.Of("TwoThenSix")),
            driver,
            new ReplayOptions { Schedules = Schedules.All, Hypotheses = ["captured@tool"] }
        );
    }
}
