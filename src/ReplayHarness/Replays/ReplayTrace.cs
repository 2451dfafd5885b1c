using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Replays;

/// <summary>A schedule that has ended, or a run that was recorded.</summary>
/// <param name="Calls">Its calls, in order of time; <see cref="BoundaryCall.Around"/> says where they belong.</param>
/// <param name="Own">The agent's own spans, in order of their beginnings.</param>
/// <param name="Attempts">How many attempts were begun.</param>
/// <param name="Failure">What it ended with, or null.</param>
/// <param name="EndTicks">When it ended.</param>
internal sealed record ReplayRun(
    IReadOnlyList<BoundaryCall> Calls,
    IReadOnlyList<AgentSpan> Own,
    int Attempts,
    CallError? Failure,
    long EndTicks
);

/// <summary>
/// The trace of one schedule: the boundaries' spans, the agent's own, and a span for each attempt, in the schedule's time. An agent's span
/// that is a boundary's call, seen twice, becomes one with it, so that the names an agent gives its spans decide nothing. Ids are counted,
/// not drawn.
/// </summary>
internal sealed class ReplayTrace
{
    private readonly ReplaySpans _write;
    private readonly ReplayRun _run;
    private readonly List<Span> _spans;
    private readonly List<Span> _attempts = [];

    private ReplayTrace(ReplaySpans write, ReplayRun run)
    {
        (_write, _run) = (write, run);
        _spans = new(1 + run.Attempts + run.Own.Count + run.Calls.Count);
    }

    /// <summary>Builds the trace.</summary>
    public static Trace Of(ReplaySpans write, ReplayRun run) => new(write.TraceId, SpansOf(write, run));

    /// <summary>Builds its spans.</summary>
    public static IReadOnlyList<Span> SpansOf(ReplaySpans write, ReplayRun run)
    {
        var trace = new ReplayTrace(write, run);
        trace.AddSpans();
        return trace._spans;
    }

    private void AddSpans()
    {
        var root = _write.New("replay", null, 0, _run.EndTicks);
        _spans.Add(_run.Failure is null ? root : _write.Failed(root, _run.Failure, _run.EndTicks));
        AddAttempts(root);
        // Ids first, so that a parent that comes later in the list is known.
        foreach (var span in _run.Own)
            if (span.Call is null)
                span.Id = _write.NewId();
        foreach (var call in _run.Calls)
            if (Same(call) is { } same)
                same.Id = _write.NewId();
        foreach (var span in _run.Own)
            if (span.Call is null)
                _spans.Add(span.In(_write.TraceId, ParentOf(span.Parent, span.StartNanos, root)));
        foreach (var call in _run.Calls)
            _spans.Add(CallSpan(call, root));
    }

    private void AddAttempts(Span root)
    {
        for (var number = 1; number <= _run.Attempts; number++)
        {
            BoundaryCall[] calls = [.. _run.Calls.Where(c => c.Attempt == number)];
            if (calls.Length == 0)
                continue;
            var last = number == _run.Attempts;
            var start = calls[0].StartTicks;
            var stop = last ? _run.EndTicks : calls.Max(c => c.Ended ? c.EndTicks : _run.EndTicks);
            var span = _write.Attempt(number, root.SpanId, start, stop, StopReason(_write.At(start), _write.At(stop)));
            var error = last ? _run.Failure : ErrorOf(calls, span);
            _attempts.Add(error is null ? span : _write.Failed(span, error, stop));
        }
        _spans.AddRange(_attempts);
    }

    // What the agent itself says of why it stopped, on whatever span.
    private string? StopReason(long start, long stop)
    {
        for (var i = _run.Own.Count - 1; i >= 0; i--)
            if (_run.Own[i].StartNanos >= start && _run.Own[i].StartNanos <= stop && _run.Own[i].StopReason is { } reason)
                return reason;
        return null;
    }

    // Another attempt followed, so this one failed: with the error of its last failed call, else of one of the agent's own spans.
    private CallError ErrorOf(BoundaryCall[] calls, Span attempt) =>
        calls.LastOrDefault(c => c.Kind != BoundaryKind.Http && c.Error is not null)?.Error
        ?? _run.Own.Where(s => s.StartNanos >= attempt.StartNanos && s.StartNanos <= attempt.EndNanos)
            .Select(s => s.Error)
            .LastOrDefault(e => e is not null)
        ?? new(AgentSpan.AttemptFailed, AgentSpan.AnotherFollowed);

    private Span CallSpan(BoundaryCall call, Span root)
    {
        var same = Same(call);
        var (start, stop) = (_write.At(call.StartTicks), call.Ended ? call.EndTicks : _run.EndTicks);
        var span = new Span(
            _write.TraceId,
            call.SpanId = same?.Id ?? _write.NewId(),
            ParentOf(same is null ? call.Around : same.Parent, start, root),
            same?.Name ?? call.Name,
            start,
            _write.At(stop)
        )
        {
            Scope = Harness.Scope,
            Attributes = CallAttributes.Of(call),
        };
        return call.Error is { } error ? _write.Failed(span, error, stop) : span;
    }

    private static AgentSpan? Same(BoundaryCall call) => call.Around?.Call == call ? call.Around : null;

    private string ParentOf(AgentSpan? parent, long start, Span root) =>
        parent?.Id ?? (_attempts.FindLast(a => a.StartNanos <= start) ?? root).SpanId;
}
