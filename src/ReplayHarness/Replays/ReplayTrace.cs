using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Shapes.Rules;
using ReplayHarness.Traces;
using Trace = ReplayHarness.Traces.Trace;

namespace ReplayHarness.Replays;

/// <summary>
/// The trace of one schedule: the boundaries' spans, the agent's own, and a span for each attempt, in virtual time. An agent's span that holds just one
/// boundary call and nothing else is the same call seen twice: the two become one, so that the names an agent gives its spans decide nothing.
/// Ids are counted, not drawn.
/// </summary>
internal sealed class ReplayTrace
{
    /// <summary>The scope of every span that the harness itself emits.</summary>
    public const string Scope = AgentRuns.ReplayScope;

    /// <summary>The attribute that numbers the attempts.</summary>
    public const string AttemptAttribute = AgentRuns.ReplayAttempt;

    private readonly ReplayContext _context;
    private readonly long _end;
    private readonly ActivityRecorder _recorder;
    private readonly Exception? _failure;
    private readonly ReplaySpans _write;
    private readonly List<Span> _spans = [];
    private readonly Dictionary<Activity, string> _ids = new(ReferenceEqualityComparer.Instance);

    private ReplayTrace(ReplayContext context, long end, ActivityRecorder recorder, Exception? failure)
    {
        (_context, _end) = (context, end);
        _recorder = recorder;
        _failure = failure;
        _write = new(context.Index.Fixture, context.Hypothesis!);
    }

    /// <summary>Builds the trace.</summary>
    /// <param name="context">The schedule's boundaries.</param>
    /// <param name="end">When it ended.</param>
    /// <param name="recorder">The agent's spans.</param>
    /// <param name="failure">What the driver's run ended with, or null.</param>
    public static Trace Build(ReplayContext context, long end, ActivityRecorder recorder, Exception? failure)
    {
        var builder = new ReplayTrace(context, end, recorder, failure);
        builder.AddSpans();
        return new Trace(builder._write.TraceId, builder._spans);
    }

    private void AddSpans()
    {
        var end = _end;
        var root = _write.New("replay", null, 0, end);
        _spans.Add(_failure is null ? root : _write.Failed(root, BoundaryCall.ErrorOf(_failure), end));
        var attempts = AddAttempts(root, end);
        var merged = MergedActivities();
        // Ids first, so that a parent that comes later in the list is known.
        foreach (var activity in _recorder.Activities)
            if (!merged.ContainsKey(activity))
                _ids[activity] = _write.NewId();
        foreach (var (activity, _) in merged)
            _ids[activity] = _write.NewId();
        foreach (var activity in _recorder.Activities)
            if (!merged.ContainsKey(activity))
                _spans.Add(AgentSpan(activity, attempts, root, end));
        foreach (var call in _context.Calls)
            _spans.Add(CallSpan(call, merged, attempts, root, end));
    }

    private List<Span> AddAttempts(Span root, long end)
    {
        var attempts = new List<Span>();
        for (var number = 1; number <= _context.Conversation.Attempt; number++)
        {
            var calls = _context.Calls.Where(c => c.Attempt == number).ToArray();
            if (calls.Length == 0)
                continue;
            var last = number == _context.Conversation.Attempt;
            var stop = last ? end : calls.Max(c => c.Ended ? c.EndTicks : end);
            var span = _write.Attempt(number, root.SpanId, calls[0].StartTicks, stop, StopReason(calls[0].StartTicks, stop));
            var error = last ? (_failure is null ? null : BoundaryCall.ErrorOf(_failure)) : ErrorOfAttempt(calls, span);
            attempts.Add(error is null ? span : _write.Failed(span, error, stop));
        }
        _spans.AddRange(attempts);
        return attempts;
    }

    // What the agent itself says of why it stopped, on whatever span.
    private string? StopReason(long start, long stop) =>
        _recorder
            .Activities.Where(a => Nanos(a.StartTimeUtc) >= _write.At(start) && Nanos(a.StartTimeUtc) <= _write.At(stop))
            .Select(a => a.GetTagItem(ActivityRecorder.StopReason)?.ToString())
            .LastOrDefault(r => r is not null);

    // Another attempt followed, so this one failed: with the error of its last failed call, else of one of the agent's own spans.
    private CallError ErrorOfAttempt(BoundaryCall[] calls, Span attempt)
    {
        var call = calls.LastOrDefault(c => c.Kind != BoundaryKind.Http && c.Error is not null);
        if (call is not null)
            return call.Error!;
        var own = _recorder.Activities.LastOrDefault(a =>
            a.Status == ActivityStatusCode.Error && Nanos(a.StartTimeUtc) >= attempt.StartNanos && Nanos(a.StartTimeUtc) <= attempt.EndNanos
        );
        var recorded = own
            ?.Events.FirstOrDefault(e => e.Name == "exception")
            .Tags?.ToDictionary(t => t.Key, t => t.Value?.ToString() ?? "");
        return new(
            recorded?.GetValueOrDefault("exception.type") ?? "AttemptFailed",
            recorded?.GetValueOrDefault("exception.message") ?? own?.StatusDescription ?? "another attempt followed"
        );
    }

    // An agent's span is merged into the one boundary call below it when it holds no other and lasts exactly as long.
    private Dictionary<Activity, BoundaryCall> MergedActivities()
    {
        var holds = new Dictionary<Activity, int>(ReferenceEqualityComparer.Instance);
        foreach (var call in _context.Calls.Where(c => c.Kind != BoundaryKind.Http))
            for (var activity = call.Parent; activity is not null; activity = activity.Parent)
                holds[activity] = holds.GetValueOrDefault(activity) + 1;
        var merged = new Dictionary<Activity, BoundaryCall>(ReferenceEqualityComparer.Instance);
        foreach (var call in _context.Calls.Where(c => c.Kind != BoundaryKind.Http && c.Parent is not null && c.Ended))
            if (
                holds[call.Parent!] == 1
                && Nanos(call.Parent!.StartTimeUtc) == _write.At(call.StartTicks)
                && EndOf(call.Parent, call.EndTicks) == _write.At(call.EndTicks)
            )
                merged[call.Parent!] = call;
        return merged;
    }

    private Span AgentSpan(Activity activity, List<Span> attempts, Span root, long end)
    {
        var start = Nanos(activity.StartTimeUtc);
        var parent = activity.Parent is { } p && _ids.TryGetValue(p, out var id) ? id : (AttemptAt(attempts, start) ?? root).SpanId;
        return new Span(_write.TraceId, _ids[activity], parent, activity.DisplayName, start, Math.Max(start, EndOf(activity, end)))
        {
            Scope = activity.Source.Name,
            Status =
                activity.Status == ActivityStatusCode.Error ? SpanStatus.Error
                : activity.Status == ActivityStatusCode.Ok ? SpanStatus.Ok
                : SpanStatus.Unset,
            StatusMessage = activity.StatusDescription,
            Attributes = new AttributeSet([.. activity.TagObjects.Select(t => KeyValuePair.Create(t.Key, Plain(t.Value)))]),
            Events =
            [
                .. activity.Events.Select(e => new SpanEvent(
                    e.Name,
                    _write.At(_recorder.VirtualTicksOf(e.Timestamp)),
                    new AttributeSet([.. e.Tags.Select(t => KeyValuePair.Create(t.Key, Plain(t.Value)))])
                )),
            ],
        };
    }

    private Span CallSpan(BoundaryCall call, Dictionary<Activity, BoundaryCall> merged, List<Span> attempts, Span root, long end)
    {
        var same = call.Parent is { } own && merged.GetValueOrDefault(own) == call ? own : null;
        var above = same is null ? call.Parent : same.Parent;
        var parent =
            above is not null && _ids.TryGetValue(above, out var id)
                ? id
                : (AttemptAt(attempts, _write.At(call.StartTicks)) ?? root).SpanId;
        var stop = call.Ended ? call.EndTicks : end;
        var span = new Span(
            _write.TraceId,
            same is null ? _write.NewId() : _ids[same],
            parent,
            same?.DisplayName ?? call.Name,
            _write.At(call.StartTicks),
            _write.At(stop)
        )
        {
            Scope = Scope,
            Attributes = CallAttributes.Of(call),
        };
        return call.Error is { } error ? _write.Failed(span, error, stop) : span;
    }

    private static Span? AttemptAt(List<Span> attempts, long nanos) => attempts.LastOrDefault(a => a.StartNanos <= nanos);

    private static object? Plain(object? value) =>
        value switch
        {
            null or string or bool or long or double => value,
            int n => (long)n,
            float f => (double)f,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };

    private long EndOf(Activity activity, long otherwise) =>
        activity.Duration > TimeSpan.Zero || activity.IsStopped ? Nanos(activity.StartTimeUtc + activity.Duration) : _write.At(otherwise);

    private static long Nanos(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}
