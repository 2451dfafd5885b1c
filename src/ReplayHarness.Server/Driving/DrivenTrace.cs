using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>One schedule of an agent in another process, once it has ended.</summary>
/// <param name="Calls">All calls, in order of time.</param>
/// <param name="SpanOf">The agent's spans that calls were taken from.</param>
/// <param name="Own">The spans that the agent sent.</param>
/// <param name="TicksOf">The schedule's time of a time by the agent's clock.</param>
/// <param name="Failure">What the run ended with, or null.</param>
/// <param name="EndTicks">When it ended.</param>
internal sealed record DrivenRun(
    IReadOnlyList<BoundaryCall> Calls,
    IReadOnlyDictionary<BoundaryCall, Span> SpanOf,
    IReadOnlyList<Span> Own,
    Func<long, long> TicksOf,
    CallError? Failure,
    long EndTicks
);

/// <summary>The trace of one schedule of an agent in another process: what the mocks saw, the agent's tool calls, and its other spans around them, in the schedule's time.</summary>
internal sealed class DrivenTrace(ReplaySpans write, DrivenRun run)
{
    private readonly List<Span> _spans = [];
    private readonly List<Span> _attempts = [];
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>Builds it.</summary>
    public static Trace Of(ReplaySpans write, DrivenRun run)
    {
        var trace = new DrivenTrace(write, run);
        trace.AddSpans();
        return new Trace(write.TraceId, trace._spans);
    }

    private void AddSpans()
    {
        var root = write.New("replay", null, 0, run.EndTicks);
        Span[] own = [.. run.Own.OrderBy(s => s.StartNanos)];
        _spans.Add(run.Failure is null ? root : write.Failed(root, run.Failure, run.EndTicks));
        AddAttempts(root);
        var taken = run.SpanOf.Values.Select(s => s.SpanId).ToHashSet(StringComparer.Ordinal);
        foreach (var span in own)
            _ids[span.SpanId] = write.NewId();
        foreach (var span in own.Where(s => !taken.Contains(s.SpanId)))
            _spans.Add(AgentSpan(span, root));
        foreach (var call in run.Calls)
            _spans.Add(CallSpan(call, root));
    }

    private void AddAttempts(Span root)
    {
        var attempts = run.Calls.GroupBy(c => c.Attempt).OrderBy(a => a.Key).ToArray();
        foreach (var attempt in attempts)
        {
            var last = attempt == attempts[^1];
            var stop = last ? run.EndTicks : attempt.Max(c => c.Ended ? c.EndTicks : run.EndTicks);
            var span = write.Attempt(attempt.Key, root.SpanId, attempt.Min(c => c.StartTicks), stop, stopReason: null);
            // Another attempt followed, so this one failed.
            var error = last
                ? run.Failure
                : attempt.LastOrDefault(c => c.Kind != BoundaryKind.Http && c.Error is not null)?.Error
                    ?? new("AttemptFailed", "another attempt followed");
            _attempts.Add(error is null ? span : write.Failed(span, error, stop));
        }
        _spans.AddRange(_attempts);
    }

    private Span AgentSpan(Span span, Span root)
    {
        var (start, stop) = (write.At(run.TicksOf(span.StartNanos)), write.At(run.TicksOf(span.EndNanos)));
        return span with
        {
            TraceId = root.TraceId,
            SpanId = _ids[span.SpanId],
            ParentSpanId = ParentOf(span, start, root),
            StartNanos = start,
            EndNanos = stop,
            Events = [.. span.Events.Select(e => e with { TimeNanos = write.At(run.TicksOf(e.TimeNanos)) })],
        };
    }

    private Span CallSpan(BoundaryCall call, Span root)
    {
        var same = run.SpanOf.GetValueOrDefault(call);
        var stop = call.Ended ? call.EndTicks : run.EndTicks;
        var span = write.New(same?.Name ?? call.Name, ParentOf(same, write.At(call.StartTicks), root), call.StartTicks, stop) with
        {
            Attributes = CallAttributes.Of(call),
        };
        if (same is not null)
            span = span with { SpanId = _ids[same.SpanId] };
        return call.Error is { } error ? write.Failed(span, error, stop) : span;
    }

    private string ParentOf(Span? span, long start, Span root) =>
        span?.ParentSpanId is { } parent && _ids.TryGetValue(parent, out var id)
            ? id
            : (_attempts.LastOrDefault(a => a.StartNanos <= start) ?? root).SpanId;
}
