using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;
using ReplayHarness.Shapes.Rules;

namespace ReplayHarness.Replays.States;

/// <summary>
/// What the rules will need to know of the calls made so far, and no more: two schedules that reach one state of the agent with equal monitors get equal
/// findings from equal futures. Durations enter only as far as a rule can tell them apart: exactly for calls that timed out; for siblings of one tool the
/// shortest and the longest while one of them is in flight, and only what they amount to when none is.
/// </summary>
internal static class CallMonitor
{
    public static void AddTo(IStateWords walk, ReplayContext context)
    {
        ulong calls = 0;
        ulong failed = 0;
        var order = 0;
        foreach (var call in context.Calls)
        {
            if (call.Kind == BoundaryKind.Http)
                continue;
            order++;
            calls += Word(call);
            // The last failure of an attempt is the one that the attempt is said to have failed with.
            if (call.Error is not null)
                failed = (failed * 0x9E3779B97F4A7C15) + call.Digest + (ulong)order;
        }
        walk.Add(calls);
        walk.Add(failed);
        walk.Add(Siblings(context));
        walk.Add(context.Overlapped ? 1UL : 0);
        context.AddScripts(walk);
    }

    private static ulong Word(BoundaryCall call)
    {
        var hash = StateHash.Start();
        hash.Add(call.Digest);
        if (!call.Ended)
            hash.Add(call.StartTicks);
        else if (TimedOut(call))
            hash.Add(call.EndTicks - call.StartTicks);
        return hash.Word();
    }

    private static bool TimedOut(BoundaryCall call) => call.Error is { } error && ErrorClass.Of(error) == ErrorClass.Timeout;

    // Sums of words, so that the order of siblings does not matter.
    private static ulong Siblings(ReplayContext context)
    {
        ulong sum = 0;
        foreach (
            var group in context
                .Calls.Where(c => c.Kind == BoundaryKind.Tool)
                .GroupBy(c => (c.Attempt, c.Turn, c.Name))
                .Where(g => g.Skip(1).Any())
        )
        {
            var hash = StateHash.Start();
            hash.Add(group.Key.Name);
            hash.Add(group.Key.Attempt);
            hash.Add(group.Key.Turn);
            TimeSpan[] answered =
            [
                .. group.Where(c => c.Ended && c.Error is null).Select(c => TimeSpan.FromTicks(c.EndTicks - c.StartTicks)),
            ];
            if (group.All(c => c.Ended))
                AddOutliers(ref hash, answered);
            else if (answered.Length > 0)
                AddExtremes(ref hash, answered);
            sum += hash.Word();
        }
        return sum;
    }

    private static void AddExtremes(ref StateHash hash, TimeSpan[] durations)
    {
        hash.Add(durations.Min().Ticks);
        hash.Add(durations.Max().Ticks);
    }

    private static void AddOutliers(ref StateHash hash, TimeSpan[] durations)
    {
        foreach (var slow in durations.Where(d => durations.Any(other => SiblingMismatch.Outlasts(d, other))))
        {
            hash.Add(1UL);
            if (TimeoutConstant.ConstantBelow(slow, timedOut: false) is not null)
                hash.Add(2UL);
        }
    }
}
