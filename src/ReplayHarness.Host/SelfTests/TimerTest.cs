#pragma warning disable RS0030, CA1849 // The runtime's own timers are what is tested.
using ReplayHarness.Host.Pumping;
using ReplayHarness.Replays;
using static ReplayHarness.Host.SelfTests.SelfTest;

namespace ReplayHarness.Host.SelfTests;

/// <summary>
/// The runtime's timers must fire in virtual time, once, in order and when they are due, wherever the runtime keeps them.
/// </summary>
internal static class TimerTest
{
    public static void Run(IRuntimeControl control)
    {
        Replay(control, LongAsync);
        Replay(control, ShortAsync);
        Replay(control, RearmedAsync);
        Replay(control, PeriodicAsync);
        Replay(control, CancelledAsync);
    }

    private static async Task LongAsync(Kernel kernel)
    {
        var fired = new List<int>();
        using var second = new Timer(_ => fired.Add(2), null, 60_000, Timeout.Infinite);
        using var third = new Timer(_ => fired.Add(3), null, 60_000, Timeout.Infinite);
        using var first = new Timer(_ => fired.Add(1), null, 10, Timeout.Infinite);
        await Task.Delay(60_001);
        At(kernel, 60_001, "a delay");
        Expect(fired.SequenceEqual([1, 2, 3]), $"three timers fired in the order {string.Join(", ", fired)}");
    }

    private static async Task ShortAsync(Kernel kernel)
    {
        RuntimeTimers.SetThreshold(long.MaxValue);
        try
        {
            await Task.Delay(10);
        }
        finally
        {
            RuntimeTimers.SetThreshold(0);
        }
        At(kernel, 10, "a delay in the short list");
    }

    // Within one millisecond of the real clock, which the runtime's own timer cannot tell apart.
    private static async Task RearmedAsync(Kernel kernel)
    {
        var fired = new TaskCompletionSource();
        using var timer = new Timer(_ => fired.TrySetResult(), null, 10, Timeout.Infinite);
        await PauseAsync(kernel, 1);
        timer.Change(10, Timeout.Infinite);
        await PauseAsync(kernel, 1);
        timer.Change(10, Timeout.Infinite);
        await fired.Task;
        At(kernel, 12, "a timer that was armed again");
    }

    private static async Task PeriodicAsync(Kernel kernel)
    {
        var times = new List<long>();
        var third = new TaskCompletionSource();
        using var timer = new Timer(
            _ =>
            {
                times.Add(kernel.Time.NowTicks / TimeSpan.TicksPerMillisecond);
                if (times.Count == 3)
                    third.TrySetResult();
            },
            null,
            5,
            7
        );
        await third.Task;
        Expect(times.SequenceEqual([5, 12, 19]), $"a periodic timer fired after {string.Join(", ", times)} ms; expected 5, 12, 19");
    }

    private static async Task CancelledAsync(Kernel kernel)
    {
        var fired = false;
        using var cancelled = new CancellationTokenSource(3);
        using var disposed = new Timer(_ => fired = true, null, 5, Timeout.Infinite);
        var cancelledAt = -1L;
        using var noted = cancelled.Token.Register(() => cancelledAt = kernel.Time.NowTicks / TimeSpan.TicksPerMillisecond);
        await PauseAsync(kernel, 1);
        disposed.Dispose();
        await Task.Delay(10);
        Expect(!fired, "a timer fired after it was disposed");
        Expect(cancelledAt == 3, $"a token was cancelled after {cancelledAt} ms; expected 3");
    }

    private static Task<int> PauseAsync(Kernel kernel, int milliseconds) =>
        kernel.Issue("pause", TimeSpan.FromMilliseconds(milliseconds), static () => 0).Task;

    private static void At(Kernel kernel, long milliseconds, string what)
    {
        var now = kernel.Time.NowTicks / TimeSpan.TicksPerMillisecond;
        Expect(now == milliseconds, $"{what} ended after {now} ms of virtual time; expected {milliseconds}");
    }
}
