using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;

namespace ReplayHarness.Replays.States;

/// <summary>
/// What the rules will need to know of the calls made so far, and no more: two schedules that reach one state of the agent with equal
/// monitors get equal findings from equal futures. What that takes beyond the calls themselves each rule says (<see cref="Rule.Memory"/>).
/// </summary>
internal static class CallMonitor
{
    public static void AddTo(IStateWords walk, ReplayContext context)
    {
        CallSoFar[] calls = [.. context.Calls.Where(c => c.Kind != BoundaryKind.Http).Select(SoFar)];
        // A sum of words, so that the order of the calls does not matter.
        ulong sum = 0;
        foreach (var call in calls)
            sum += Word(call);
        walk.Add(sum);
        var run = new RunSoFar(calls);
        foreach (var remember in RuleTable.Memories)
            remember(run, walk);
        walk.Add(context.Overlapped ? 1UL : 0);
        walk.Add((ulong)context.Beside);
        context.AddScripts(walk);
    }

    private static CallSoFar SoFar(BoundaryCall call) =>
        new(
            call.Attempt,
            call.Turn,
            call.Kind == BoundaryKind.Tool ? call.Name : null,
            TimeSpan.FromTicks(call.StartTicks),
            call.Ended ? TimeSpan.FromTicks(call.EndTicks) : null,
            call.Error,
            call.Digest
        )
        {
            Asked = call.Asked,
        };

    private static ulong Word(CallSoFar call)
    {
        var hash = StateHash.Start();
        hash.Add(call.Facts);
        if (call.End is null)
            hash.Add(call.Start.Ticks);
        return hash.Word();
    }
}
