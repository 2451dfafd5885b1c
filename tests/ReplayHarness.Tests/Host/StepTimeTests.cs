using ReplayHarness.Host;

namespace ReplayHarness.Tests.Host;

/// <summary>What is held against a step is the time that it spent itself, not the time that others took from it.</summary>
public sealed class StepTimeTests
{
    private const int Asked = 50;

    // Of each look, in milliseconds: how long it took, what the process spent, and how long it was ready without a processor.
    [TestCase(50, 50, 0, 1_000, Stall.Spins, TestName = "A spin loop on a quiet machine")]
    [TestCase(60, 5, 54, 12_000, Stall.Spins, TestName = "A spin loop that gets a tenth of a processor")]
    [TestCase(50, 0, 0, 3_000, Stall.Waits, TestName = "A call that blocks outside")]
    [TestCase(50, 1, 25, 6_000, Stall.Waits, TestName = "A call that blocks, beside threads that are starved half the time")]
    [TestCase(60, 0, 60, null, Stall.None, TestName = "Ready, and never served")]
    [TestCase(500, 0, 0, null, Stall.None, TestName = "A machine that does not even serve the watchdog")]
    [TestCase(50, 0, null, 3_000, Stall.Waits, TestName = "A call that blocks, where the system tells nothing of starving")]
    [TestCase(50, 5, null, 10_000, Stall.Spins, TestName = "A little at a time, where the system tells nothing of starving")]
    public void A_step_is_stuck_after(int wall, int spent, int? starved, int? stuckAfter, object how)
    {
        var step = new StepTime(TimeSpan.FromSeconds(1));
        var look = new Look(Of(Asked), Of(wall), Of(spent), starved is { } s ? Of(s) : null);
        var passed = 0;
        var stall = Stall.None;
        while (stall == Stall.None && passed < 60_000)
        {
            stall = step.Add(look);
            passed += wall;
        }
        Assert.That(stall, Is.EqualTo(how));
        if (stuckAfter is { } expected)
            Assert.That(passed, Is.EqualTo(expected).Within(2 * wall));
    }

    // Who was served in one look of ten was waiting for a processor in the others.
    [Test]
    public void A_step_that_is_served_now_and_then_does_not_wait_where_the_system_tells_nothing()
    {
        var step = new StepTime(TimeSpan.FromSeconds(10));
        for (var look = 1; look <= 1_000; look++)
            Assert.That(step.Add(new(Of(Asked), Of(Asked), Of(look % 10 == 0 ? 5 : 0), null)), Is.EqualTo(Stall.None));
    }

    [Test]
    public void What_runs_between_schedules_may_compute_and_not_wait()
    {
        var between = new StepTime(TimeSpan.FromSeconds(1), mayCompute: true);
        for (var look = 1; look <= 1_000; look++)
            Assert.That(between.Add(new(Of(Asked), Of(Asked), Of(Asked), Of(Asked))), Is.EqualTo(Stall.None));
        var stall = Stall.None;
        for (var look = 1; look <= 61; look++)
            stall = between.Add(new(Of(Asked), Of(Asked), TimeSpan.Zero, TimeSpan.Zero));
        Assert.That(stall, Is.EqualTo(Stall.Waits));
    }

    [Test]
    public void Threads_that_ran_beside_a_step_do_not_age_it()
    {
        var step = new StepTime(TimeSpan.FromSeconds(1));
        for (var look = 1; look <= 19; look++)
            Assert.That(step.Add(new(Of(Asked), Of(Asked), Of(4 * Asked), TimeSpan.Zero)), Is.EqualTo(Stall.None));
    }

    [Test]
    public void This_process_is_measured()
    {
        var before = ProcessTimes.Now();
        var x = 1u;
        for (var i = 0; i < 50_000_000; i++)
            x = (x * 31) + 7;
        var now = ProcessTimes.Now();
        Assert.That(now.Processor - before.Processor, Is.GreaterThan(TimeSpan.FromMilliseconds(1)), $"{x}");
        if (OperatingSystem.IsLinux())
            Assert.That(now.Starved, Is.GreaterThan(TimeSpan.Zero));
    }

    private static TimeSpan Of(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
