using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>A green needs evidence that the agent was put to the test: what is missing for that is named, and nothing is shown.</summary>
public sealed class ExerciseTests
{
    [Test]
    public async Task An_agent_that_is_put_to_the_test_is_removed()
    {
        var report = await ReplayAsync<Mended>();
        Assert.That((report.Verdict, Verdict(report).Reasons), Is.EqualTo((VerdictKind.SymptomRemoved, Array.Empty<string>())));
    }

    [Test]
    public Task A_driver_that_starts_nothing() => IsMissing<StartsNothing>("the agent never asked the model");

    [Test]
    public Task A_driver_that_does_not_await() => IsMissing<ForgetsToAwait>("was in flight: nobody awaited it");

    [Test]
    public async Task What_is_caught_around_the_agent_is_seen_all_the_same() =>
        Assert.That((await ReplayAsync<CatchesAround>()).Verdict, Is.EqualTo(VerdictKind.Reproduced));

    [Test]
    public async Task A_single_attempt_that_is_caught_is_not_taken_for_a_good_end() =>
        Assert.That((await ReplayAsync<CatchesOnce>()).Verdict, Is.EqualTo(VerdictKind.PartlyRemoved));

    [Test]
    public Task An_agent_that_stops_before_the_failure() => IsMissing<ReturnsAtOnce>("the agent never made the call");

    [Test]
    public Task Results_that_the_model_never_hears_of() => IsMissing<TellsNothing>("the agent never told the model the result of");

    [Test]
    public Task An_answer_that_nobody_awaits() => IsMissing<LeavesBeforeTheLastAnswer>("was in flight: nobody awaited it");

    [Test]
    public async Task A_crash_after_the_end_is_another_failure()
    {
        var verdict = Verdict(await ReplayAsync<CrashesLate>());
        Assert.That((verdict.Verdict, verdict.Appeared.Single().Rule), Is.EqualTo((VerdictKind.Changed, "late-crash")), verdict.Sentence);
    }

    private static HypothesisVerdict Verdict(ReplayReport report) => report.Hypotheses.Single();

    private static Task<ReplayReport> ReplayAsync<TDriver>()
        where TDriver : IReplayDriver => Replay.RunAsync<TDriver>(hypotheses: "captured@tool");

    private static async Task IsMissing<TDriver>(string what)
        where TDriver : IReplayDriver
    {
        var verdict = Verdict(await ReplayAsync<TDriver>());
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished), verdict.Sentence);
        Assert.That(verdict.Reasons, Has.Some.Contains(what));
        Assert.That(verdict.Sentence, Does.StartWith("Nothing is shown either way: "));
    }
}
