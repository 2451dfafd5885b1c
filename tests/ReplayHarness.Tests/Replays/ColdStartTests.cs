using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>Every schedule starts as a fresh process does: what only a cold start shows is shown in each of them.</summary>
public sealed class ColdStartTests
{
    [Test]
    public async Task A_race_for_a_static_is_found_wherever_that_is(
        [Values("Static", "Generic", "File", "Library")] string place,
        [Values] bool broken
    )
    {
        // States in which it holds something else are not taken for equal: half of the first turn's orders fail, whatever follows.
        var report = await RunAsync("TwoThenSix", $"Cold{place}{(broken ? "Broken" : "Fixed")}", "all");
        Assert.That(
            Replay.Line(report),
            Is.EqualTo(
                broken
                    ? "captured@tool reproduced 720/1440 (1440 overlapped) -> reproduced"
                    : "captured@tool removed 0/1440 (1440 overlapped) -> removed"
            )
        );
    }

    // What a thread keeps is cold, too; and it is lost where the agent goes on on another.
    [TestCase("ColdThreadBroken", "reproduced 720/1440", null)]
    [TestCase("ColdThreadFixed", "reproduced ", "thread-affine")]
    public async Task A_race_for_what_a_thread_keeps(string driver, string expected, string? note)
    {
        var report = await RunAsync("TwoThenSix", driver, "all");
        Assert.That(Replay.Line(report), Does.StartWith($"captured@tool {expected}"));
        Assert.That(report.Hypotheses.Single().Schedules.Note, note is null ? Does.Not.Contain("thread-affine") : Does.Contain(note));
    }

    [Test]
    public async Task A_type_that_cannot_be_initialised_proves_nothing_though_that_is_caught()
    {
        var report = await RunAsync("LostUpdate", nameof(CatchesFailedInitialiser));
        Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.NotEstablished), report.Sentence);
        Assert.That(
            report.Hypotheses.Single().Reasons,
            Has.Some.Contains(
                "the type initialiser of ReplayHarness.Tests.Replays.Unready failed (System.InvalidOperationException: no key)"
            )
        );
    }

    [Test]
    public async Task A_type_that_cannot_be_initialised_fails_in_every_schedule()
    {
        var verdict = (await RunAsync("LostUpdate", nameof(DiesOfFailedInitialiser))).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Changed), verdict.Sentence);
        Assert.That(verdict.Shapes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_initialiser_that_waits_is_waited_for()
    {
        var report = await RunAsync("LostUpdate", nameof(WaitsInInitialiser));
        Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed), report.Sentence);
    }

    private static async Task<ReplayReport> RunAsync(string run, string driver, string schedules = "20")
    {
        using var folder = new TempFolder();
        return await Replay.RunAsync(
            Authored.Write(folder, "cold", PitfallRuns.Of(run)),
            driver,
            new ReplayOptions { Schedules = Schedules.Parse(schedules), Hypotheses = ["captured@tool"] }
        );
    }
}
