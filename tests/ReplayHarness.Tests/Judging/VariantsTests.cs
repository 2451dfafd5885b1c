using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>Verdicts follow from what the agent does, not from a list of known agents.</summary>
public sealed class VariantsTests
{
    [Test]
    public async Task Removing_the_race_flips_healthy_http() =>
        Assert.That(
            (await VerdictOf<Shipped>("healthy@http"), await VerdictOf<RaceRemoved>("healthy@http")),
            Is.EqualTo(("reproduced", "removed"))
        );

    [Test]
    public async Task Adding_the_catch_flips_captured_tool() =>
        Assert.That(
            (await VerdictOf<Shipped>("captured@tool"), await VerdictOf<CatchAdded>("captured@tool")),
            Is.EqualTo(("reproduced", "removed"))
        );

    [Test]
    public async Task Names_of_spans_decide_nothing()
    {
        var shipped = Replay.Line(await Replay.RunAsync<Shipped>());
        Assert.That(Replay.Line(await Replay.RunAsync<SpansRenamed>()), Is.EqualTo(shipped));
        Assert.That(Replay.Line(await Replay.RunAsync<WithoutSpans>()), Is.EqualTo(shipped));
    }

    [Test]
    public Task A_lock_around_the_connection_removes_the_cause() =>
        Gets<LockedConnection>("captured@tool reproduced 16/16 (16 overlapped), healthy@http removed 0/1 (0 overlapped) -> cause-removed");

    [Test]
    public Task A_swallowing_catch_removes_the_symptom_only() =>
        Gets<SwallowingCatch>(
            "captured@tool changed 0/2 (2 overlapped), healthy@http partly-removed 3/3 (3 overlapped) -> symptom-removed"
        );

    [Test]
    public Task A_shorter_timeout_removes_nothing() =>
        Gets<ShorterTimeout>("captured@tool reproduced 16/16 (16 overlapped), healthy@http reproduced 81/81 (81 overlapped) -> reproduced");

    [Test]
    public Task A_retry_inside_the_tool_leaves_the_race_and_the_missing_catch() =>
        Gets<RetryInTool>("captured@tool reproduced 16/16 (16 overlapped), healthy@http partly-removed 3/3 (3 overlapped) -> reproduced");

    [Test]
    public async Task Reads_on_threads_race_as_those_that_await_do()
    {
        var shared = await Replay.RunAsync<Threaded>(schedules: "captured", hypotheses: "healthy@http");
        var isolated = await Replay.RunAsync<ThreadedIsolated>(schedules: "captured", hypotheses: "healthy@http");
        Assert.That(shared.Verdict, Is.EqualTo(VerdictKind.Reproduced), shared.Sentence);
        Assert.That(isolated.Verdict, Is.EqualTo(VerdictKind.Removed), isolated.Sentence);
    }

    // However far apart they are: a pause is no order.
    [Test]
    public Task Calls_one_second_apart_still_race() =>
        Gets<OneSecondApart>(
            "captured@tool reproduced 81/81 (80 overlapped), healthy@http reproduced 1554/1555 (1554 overlapped) -> reproduced"
        );

    [Test]
    public Task Calls_two_seconds_apart_too() =>
        Gets<TwoSecondsApart>(
            "captured@tool reproduced 81/81 (80 overlapped), healthy@http reproduced 1554/1555 (1554 overlapped) -> reproduced"
        );

    [Test]
    public Task A_call_that_is_never_made_shows_nothing() =>
        Gets<FirstCallOnly>(
            "captured@tool not-established 0/1 (0 overlapped), healthy@http not-established 0/1 (0 overlapped) -> not-established"
        );

    // Drawn schedules in which siblings never meet show nothing of how they disturb each other.
    [Test]
    public async Task A_sample_in_which_siblings_never_overlapped_establishes_nothing()
    {
        var report = await Replay.RunAsync<LockedConnection>(schedules: "20", hypotheses: "healthy@http");
        var verdict = report.Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished), verdict.Sentence);
        Assert.That(verdict.Reasons, Has.Some.StartWith("sibling calls never overlapped"));
        Assert.That(verdict.Remedies, Is.EqualTo(new[] { Remedy.ExploreAllSchedules }));
    }

    private static async Task Gets<TDriver>(string line)
        where TDriver : IReplayDriver => Assert.That(Replay.Line(await Replay.RunAsync<TDriver>()), Is.EqualTo(line));

    private static async Task<string> VerdictOf<TDriver>(string hypothesis)
        where TDriver : IReplayDriver =>
        ReplayHarness.Judging.VerdictNames.Text((await Replay.RunAsync<TDriver>(hypotheses: hypothesis)).Hypotheses.Single().Verdict);
}
