#pragma warning disable RS0030, CA5394 // Random.Shared is what is tested.
using ReplayHarness.Host.Controlled;
using ReplayHarness.Replays;
using static ReplayHarness.Host.SelfTests.SelfTest;

namespace ReplayHarness.Host.SelfTests;

/// <summary>The areas that one short replay shows.</summary>
internal static class SmallTests
{
    /// <summary><see cref="Random.Shared"/> must give every schedule the same numbers, on whatever thread.</summary>
    public static void SeededRandom(IRuntimeControl control)
    {
        var first = Numbers(control);
        Expect(first.SequenceEqual(Numbers(control)), "Random.Shared gave two schedules different numbers");
        Expect(first.Distinct().Count() == first.Count, "Random.Shared gave one number twice");
    }

    private static List<long> Numbers(IRuntimeControl control)
    {
        var numbers = new List<long>();
        Replay(
            control,
            async _ =>
            {
                numbers.Add(Random.Shared.NextInt64());
                // The thread that waits here is parked; another draws the next number.
                await Task.Run(() => Task.Run(() => numbers.Add(Random.Shared.NextInt64())).Wait(2_000));
                numbers.Add(Random.Shared.NextInt64());
            }
        );
        return numbers;
    }

    /// <summary>A stopwatch of rewritten code must count virtual time, and keep its count when it is stopped.</summary>
    public static void Stopwatch(IRuntimeControl control) =>
        Replay(
            control,
            async _ =>
            {
                var watch = ControlledClock.Started();
                await Task.Delay(5_000);
                Expect(watch.IsRunning, "a stopwatch that was started does not run");
                Expect(ControlledClock.ElapsedMilliseconds(watch) == 5_000, "a running stopwatch does not count virtual time");
                ControlledClock.Stop(watch);
                await Task.Delay(1_000);
                Expect(!watch.IsRunning && watch.ElapsedMilliseconds == 5_000, "a stopped stopwatch lost its count");
                ControlledClock.Start(watch);
                await Task.Delay(2_000);
                Expect(ControlledClock.ElapsedMilliseconds(watch) == 7_000, "a stopwatch that goes on lost its count");
            }
        );
}
