using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>The clock of a replay: it moves only when it is told to, and so do its timers.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VirtualTimeTests
{
    private static readonly DateTimeOffset s_epoch = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly VirtualTime _time = new(s_epoch);
    private int _fired;

    [Test]
    public void It_starts_at_the_epoch_and_moves_forward_only()
    {
        var start = _time.GetTimestamp();
        Assert.That((_time.GetUtcNow(), start > 0), Is.EqualTo((s_epoch, true)));
        _time.Advance(TimeSpan.FromSeconds(5).Ticks);
        _time.Advance(TimeSpan.FromSeconds(2).Ticks);
        Assert.That(_time.GetUtcNow(), Is.EqualTo(s_epoch.AddSeconds(5)));
        Assert.That(_time.GetElapsedTime(start), Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(_time.LocalTimeZone, Is.EqualTo(TimeZoneInfo.Utc));
    }

    [Test]
    public void A_timer_is_armed_until_it_fires()
    {
        using var timer = Timer(3, 0);
        Assert.That((_time.EarliestTimer(), _time.Timers.Count), Is.EqualTo((TimeSpan.FromSeconds(3).Ticks, 1)));
        FireNext();
        Assert.That((_fired, _time.Timers.Count, _time.EarliestTimer()), Is.EqualTo((1, 0, long.MaxValue)));
    }

    [Test]
    public void A_periodic_timer_is_armed_again_from_when_it_fired()
    {
        using var timer = Timer(3, 2);
        FireNext();
        FireNext();
        Assert.That((_fired, _time.NowTicks), Is.EqualTo((2, TimeSpan.FromSeconds(5).Ticks)));
        Assert.That(_time.EarliestTimer(), Is.EqualTo(TimeSpan.FromSeconds(7).Ticks));
    }

    [Test]
    public void A_change_counts_from_now_and_one_without_end_disarms()
    {
        using var timer = Timer(3, 0);
        _time.Advance(TimeSpan.FromSeconds(2).Ticks);
        Assert.That(timer.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan), Is.True);
        Assert.That((_time.EarliestTimer(), _time.Timers.Count), Is.EqualTo((TimeSpan.FromSeconds(5).Ticks, 1)));
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Assert.That(_time.Timers, Is.Empty);
    }

    [Test]
    public void A_disposed_timer_is_gone()
    {
        Timer(3, 1).Dispose();
        Assert.That(_time.Timers, Is.Empty);
    }

    [Test]
    public void Timers_keep_the_order_in_which_they_were_armed_and_say_what_they_are_for()
    {
        using var first = Timer(5, 0);
        using var second = Timer(1, 0);
        Assert.That(_time.Timers.Select(t => TimeSpan.FromTicks(t.DueTicks).TotalSeconds), Is.EqualTo(new[] { 5.0, 1.0 }));
        Assert.That(_time.Timers[0].Label, Does.StartWith("timer VirtualTimeTests."));
    }

    [Test]
    public void A_callback_runs_in_the_context_of_its_timer()
    {
        var flowing = new AsyncLocal<string>();
        var seen = "";
        flowing.Value = "at its creation";
        using var timer = _time.CreateTimer(_ => seen = flowing.Value!, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        flowing.Value = "later";
        FireNext();
        Assert.That(seen, Is.EqualTo("at its creation"));
    }

    private ITimer Timer(double due, double period) =>
        _time.CreateTimer(
            _ => _fired++,
            null,
            TimeSpan.FromSeconds(due),
            period == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period)
        );

    private void FireNext()
    {
        var timer = _time.Timers.MinBy(t => t.DueTicks)!;
        _time.Advance(timer.DueTicks);
        timer.Fire();
    }
}
