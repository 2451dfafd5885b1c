using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>An exception in a callback that nobody stands around ends a process: it is a finding, and the replay goes on.</summary>
public sealed class CallbacksTests
{
    [TestCase(nameof(ThrowsInTimerEarly), "agent-error", "other:InvalidOperationException")]
    [TestCase(nameof(ThrowsInTimerLate), "late-crash", "other:InvalidOperationException")]
    [TestCase(nameof(ThrowsInProvidersTimerEarly), "agent-error", "other:InvalidOperationException")]
    [TestCase(nameof(ThrowsInProvidersTimerLate), "late-crash", "other:InvalidOperationException")]
    [TestCase(nameof(ThrowsInRegistrationEarly), "agent-error", "other:AggregateException")]
    [TestCase(nameof(ThrowsInRegistrationLate), "late-crash", "other:AggregateException")]
    public async Task What_a_callback_throws_would_have_ended_the_process(string driver, string rule, string error)
    {
        var verdict = await ReplayAsync(driver);
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Changed), verdict.Sentence);
        Assert.That(verdict.Appeared.Select(f => (f.Rule, f.ErrorClass)), Is.EqualTo(new[] { (rule, error) }));
    }

    [TestCase(nameof(ThrowsInElapsedEarly))]
    [TestCase(nameof(ThrowsInElapsedLate))]
    [TestCase(nameof(WaitsInTimer))]
    public async Task What_ends_no_process_is_no_finding(string driver)
    {
        var verdict = await ReplayAsync(driver);
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Removed), verdict.Sentence);
    }

    // What is left running goes on for a minute of the schedule's, and for a thousand steps.
    [TestCase(nameof(CrashesInTime), VerdictKind.Changed)]
    [TestCase(nameof(CrashesAfterAMinute), VerdictKind.Removed)]
    [TestCase(nameof(CrashesAfterManySteps), VerdictKind.Removed)]
    [TestCase(nameof(CrashesWhenClosed), VerdictKind.Changed)]
    [TestCase(nameof(CrashesWhenClosedAtOnce), VerdictKind.Changed)]
    public async Task What_crashes_after_the_end_is_found_within_bounds(string driver, VerdictKind expected)
    {
        var verdict = await ReplayAsync(driver);
        Assert.That(verdict.Verdict, Is.EqualTo(expected), verdict.Sentence);
        Assert.That(verdict.Appeared.Select(f => f.Rule), Is.EqualTo(expected == VerdictKind.Changed ? new[] { "late-crash" } : []));
    }

    // The runtime decides there, by its own clock, when the callback comes.
    [TestCase(nameof(ThrowsInRegisteredWaitEarly))]
    [TestCase(nameof(ThrowsInRegisteredWaitLate))]
    [TestCase(nameof(ThrowsInTimedWaitEarly))]
    [TestCase(nameof(ThrowsInTimedWaitLate))]
    public async Task What_a_registered_wait_calls_is_not_controlled_and_named(string driver)
    {
        var verdict = await ReplayAsync(driver);
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished), verdict.Sentence);
        Assert.That(
            verdict.Reasons,
            Has.Some.Contains("ThreadPool.RegisterWaitForSingleObject: the runtime waits there in real time; await instead")
        );
    }

    private static async Task<HypothesisVerdict> ReplayAsync(string driver) =>
        (
            await Replay.RunAsync(
                Data.Fixture,
                driver,
                new ReplayOptions { Schedules = Schedules.Captured, Hypotheses = ["captured@tool"] }
            )
        ).Hypotheses.Single();
}
