using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>
/// How late a call answers nobody knows: what paces an agent may come before it. What guards a call was chosen so that a healthy answer
/// comes first.
/// </summary>
public sealed class PacingTests
{
    private const string Question = """[{"role":"user","parts":[{"type":"text","content":"Where is room?"}]}]""";
    private static readonly (string, string) s_late = ("System.InvalidOperationException", "no sign of life");

    [TestCase(typeof(BeatsByPeriodicTimer), VerdictKind.Reproduced)]
    [TestCase(typeof(BeatsByDelays), VerdictKind.Reproduced)]
    [TestCase(typeof(BeatsByTimer), VerdictKind.Reproduced)]
    [TestCase(typeof(BeatsForOthers), VerdictKind.Removed)]
    [TestCase(typeof(BeatsUntilASignal), VerdictKind.Reproduced)]
    [TestCase(typeof(BeatsUntilASignalOfAMethod), VerdictKind.Reproduced)]
    [TestCase(typeof(BeatsBesideASource), VerdictKind.Reproduced)]
    [TestCase(typeof(PausesTwiceAtOnce), VerdictKind.Reproduced)]
    [TestCase(typeof(GivesUpByATimer), VerdictKind.Removed)]
    [TestCase(typeof(AsksAWorker), VerdictKind.Removed)]
    [TestCase(typeof(LeavesABeat), VerdictKind.Removed)]
    [TestCase(typeof(WaitsSoLong), VerdictKind.Removed)]
    [TestCase(typeof(CancelsAfterSoLong), VerdictKind.Removed)]
    [TestCase(typeof(CancelsByATimer), VerdictKind.Removed)]
    [TestCase(typeof(RacesADelay), VerdictKind.Removed)]
    [TestCase(typeof(RacesADelayInAMethod), VerdictKind.Removed)]
    [TestCase(typeof(RacesADelayAmongSeveral), VerdictKind.Removed)]
    public Task A_call_that_answers_just_before_a_beat(Type driver, VerdictKind expected) =>
        Judged(
            expected,
            driver,
            new RunBuilder { RootError = s_late }
                .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a"))
                .Tool("shelf", 1, 0.95, arguments: Authored.About("a"), result: "full", callId: "a")
        );

    [TestCase(typeof(SleepsBetween), VerdictKind.Reproduced)]
    [TestCase(typeof(WaitsInBetween), VerdictKind.Removed)]
    public Task A_pause_between_two_calls_is_no_order(Type driver, VerdictKind expected) =>
        Judged(
            expected,
            driver,
            new RunBuilder { RootError = s_late }
                .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a", "b"))
                .Tool("shelf", 1, 0.5, arguments: Authored.About("a"), result: "full", callId: "a")
                .Tool("shelf", 1, 0.6, arguments: Authored.About("b"), result: "room", callId: "b")
        );

    private static async Task Judged(VerdictKind expected, Type driver, RunBuilder run)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "pacing", run);
        var report = await Replay.RunAsync(fixture, driver.FullName, new ReplayOptions { Hypotheses = ["captured@tool"] });
        Assert.That(report.Verdict, Is.EqualTo(expected), $"{report.Sentence}\n{string.Join('\n', report.Hypotheses.Single().Reasons)}");
    }
}
