using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Replays;

/// <summary>Adds to a schedule's spans what came to light only after its run had ended.</summary>
internal static class LateSpans
{
    /// <summary>The spans: those of abandoned calls are marked, and a late crash is an event of the last attempt.</summary>
    /// <param name="spans">The spans, those of the calls last and in their order.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="exercise">Which of them were abandoned.</param>
    /// <param name="facts">What its carrier knows.</param>
    public static IReadOnlyList<Span> In(
        IReadOnlyList<Span> spans,
        IReadOnlyList<BoundaryCall> calls,
        Exercise exercise,
        ScheduleFacts facts
    )
    {
        if (exercise.Abandoned.Count == 0 && facts.LateCrash is null)
            return spans;
        Span[] marked = [.. spans];
        var first = marked.Length - calls.Count;
        for (var i = 0; i < calls.Count; i++)
            if (exercise.Abandoned.Contains(calls[i]))
                marked[first + i] = With(marked[first + i], Harness.AbandonedName, true);
        if (facts.LateCrash is { } crash && Array.FindLastIndex(marked, IsAttempt) is >= 0 and var attempt)
            marked[attempt] = marked[attempt] with { Events = [.. marked[attempt].Events, Crash(crash, marked[attempt].EndNanos)] };
        return marked;
    }

    private static bool IsAttempt(Span span) =>
        span.Scope == Harness.Scope
        && span.Attributes.Text("gen_ai.operation.name") == "invoke_agent"
        && span.Attributes.Number(Harness.AttemptName) is not null;

    private static SpanEvent Crash(CallError crash, long nanos) =>
        new(Harness.LateCrashEvent, nanos, new([new("exception.type", crash.Type), new("exception.message", crash.Message)]));

    private static Span With(Span span, string name, object value) =>
        span with
        {
            Attributes = new([.. span.Attributes, new(name, value)]),
        };
}
