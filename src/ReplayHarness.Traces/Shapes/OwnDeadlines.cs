using ReplayHarness.Shapes.Rules;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// Calls that their own deadline cancelled. .NET's <c>CancelAfter</c>, <c>AbortController</c> and a cancelled scope of Python say of it no
/// more than "A task was canceled", as of any cancellation. It was a time-out where the call lasted a round number of seconds, no sibling
/// had failed of itself before, and none answered at that moment, so that nothing else is seen that could have cancelled it.
/// </summary>
internal static class OwnDeadlines
{
    // What people set for a call that they give up. Of shorter and of odd ones chance makes too many: a user stops a run at any time.
    private static bool IsUsual(TimeSpan constant) =>
        constant.TotalSeconds is 5 or 10 or 15 or 20 or 25 or 30 or 45 or 100
        || (constant >= TimeSpan.FromMinutes(1) && constant.Ticks % TimeSpan.FromSeconds(30).Ticks == 0);

    // A timer is exact, and nothing ran after it: so this much closer than where a call says itself that it timed out.
    private const double Tolerance = 0.01;
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(100);

    /// <summary>The calls of a run that their own deadline cancelled.</summary>
    public static IEnumerable<ToolCall> Among(IEnumerable<Turn> turns)
    {
        foreach (var turn in turns)
        foreach (var call in turn.Calls.Where(c => MayBe(c.Error, c.Span.Duration)))
            if (!turn.Calls.Any(s => s != call && MayHaveCancelled(s.Error, Behind(s, call))))
                yield return call;
    }

    /// <summary>
    /// That a cancelled call was its own, and when it ended: a sibling that ends later at the same moment decides too.
    /// </summary>
    internal static void Memory(RunSoFar run, IMemory memory)
    {
        foreach (var turn in run.Turns)
        foreach (var call in turn.Where(c => c.Duration is { } d && MayBe(c.Error, d)).OrderBy(c => c.Facts).ThenBy(c => c.End))
        {
            memory.Add((long)call.Facts);
            memory.Add(call.End!.Value.Ticks);
            memory.Add(turn.Any(s => s != call && s.End is { } end && MayHaveCancelled(s.Error, call.End.Value - end)) ? 0 : 1);
        }
    }

    private static bool MayBe(CallError? error, TimeSpan lasted) =>
        error is { Class: null }
        && TimeoutConstant.ConstantBelow(lasted, timedOut: true) is { } constant
        && IsUsual(constant)
        && (lasted <= constant * (1 + Tolerance) || lasted <= constant + s_late)
        && ErrorClass.Of(error) == ErrorClass.Cancelled;

    // By its failure at any time before (the span of what failed may close a little later), by its answer at once: a race has a winner.
    private static bool MayHaveCancelled(CallError? error, TimeSpan before) =>
        error is null
            ? before >= TimeSpan.Zero && before <= s_late
            : before >= -RunView.CloseTogether && ErrorClass.Of(error) != ErrorClass.Cancelled;

    private static TimeSpan Behind(ToolCall sibling, ToolCall call) =>
        TimeSpan.FromTicks((call.Span.EndNanos - sibling.Span.EndNanos) / 100);
}
