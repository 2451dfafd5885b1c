using ReplayHarness.Stores;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Stores;

/// <summary>The stores as a library's user asks them.</summary>
public sealed class TraceStoreTests
{
    [Test]
    public void Pauses_between_tries_are_of_the_clock_that_was_given()
    {
        var refusals = 4;
        using var endpoint = new Endpoint(_ => refusals-- > 0 ? new("busy", 503) : new(File.ReadAllText(Data.DriveTimeout)));
        var clock = new HastyClock();
        var store = TraceStore.Open($"jaeger:{endpoint.Url}", new StoreOptions { Clock = clock })!;
        var set = store.Load(new TraceQuery { TraceId = Data.FirstAttempt });
        Assert.That(set.Traces, Is.Not.Empty);
        // Half a second, then each time twice as long.
        Assert.That(clock.Waited, Is.EqualTo(TimeSpan.FromSeconds(7.5)));
    }

    [Test]
    public void Postgres_needs_the_callers_data_source()
    {
        var store = TraceStore.Open("postgres:Host=127.0.0.1", new StoreOptions { Clock = TimeProvider.System })!;
        Assert.That(
            () => store.Load(TraceQuery.All),
            Throws.TypeOf<BadInputException>().With.Message.Contains($"{nameof(StoreOptions)}.{nameof(StoreOptions.Postgres)}")
        );
    }

    [Test]
    public void Any_other_text_is_no_store() =>
        Assert.That(TraceStore.Open("traces.jsonl", new StoreOptions { Clock = TimeProvider.System }), Is.Null);

    // Its timers are due at once; how long they should have taken is added up.
    private sealed class HastyClock : TimeProvider
    {
        public TimeSpan Waited { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
                Waited += dueTime;
            return base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
        }
    }
}
