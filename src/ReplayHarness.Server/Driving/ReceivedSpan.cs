using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>A span that an agent in another process sent, in the schedule's time.</summary>
internal sealed class ReceivedSpan : AgentSpan
{
    private readonly Span _span;
    private readonly Func<long, long> _nanosOf;

    private ReceivedSpan(Span span, Func<long, long> nanosOf) => (_span, _nanosOf) = (span, nanosOf);

    public override string Name => _span.Name;

    public override string? StopReason => _span.Attributes.Text(StopReasonAttribute);

    public override CallError? Error =>
        _span.Status != SpanStatus.Error ? null
        : _span.Events.FirstOrDefault(e => e.Name == "exception")?.Attributes is { } recorded
            ? new(
                recorded.Text("exception.type") ?? AttemptFailed,
                recorded.Text("exception.message") ?? _span.StatusMessage ?? AnotherFollowed
            )
        : new(AttemptFailed, _span.StatusMessage ?? AnotherFollowed);

    /// <summary>The spans that an agent sent, with the calls that they tell of.</summary>
    /// <param name="spans">As they came.</param>
    /// <param name="told">The span of each call that was taken from one.</param>
    /// <param name="write">The clock of the schedule's trace.</param>
    /// <param name="ticksOf">The schedule's time of a time by the agent's clock.</param>
    public static IReadOnlyList<AgentSpan> Of(
        IEnumerable<Span> spans,
        IReadOnlyDictionary<BoundaryCall, Span> told,
        ReplaySpans write,
        Func<long, long> ticksOf
    )
    {
        long NanosOf(long nanos) => write.At(ticksOf(nanos));
        ReceivedSpan[] received =
        [
            .. spans
                .OrderBy(s => s.StartNanos)
                .Select(s => new ReceivedSpan(s, NanosOf) { StartNanos = NanosOf(s.StartNanos), EndNanos = NanosOf(s.EndNanos) }),
        ];
        var known = new Dictionary<string, ReceivedSpan>(StringComparer.Ordinal);
        foreach (var span in received)
            known[span._span.SpanId] = span;
        foreach (var span in received)
            span.Parent = span._span.ParentSpanId is { } parent ? known.GetValueOrDefault(parent) : null;
        foreach (var (call, span) in told)
            (call.Around, known[span.SpanId].Call) = (known[span.SpanId], call);
        return received;
    }

    public override Span In(string traceId, string parentId) =>
        _span with
        {
            TraceId = traceId,
            SpanId = Id,
            ParentSpanId = parentId,
            StartNanos = StartNanos,
            EndNanos = EndNanos,
            Events = [.. _span.Events.Select(e => e with { TimeNanos = _nanosOf(e.TimeNanos) })],
        };
}
