using System.Diagnostics;
using System.Globalization;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>A span of an agent in this process, which the recorder stamped in virtual time.</summary>
internal sealed class ActivitySpan : AgentSpan
{
    private readonly Activity _activity;
    private readonly Func<DateTimeOffset, long> _nanosOf;

    // How many calls of the boundaries it holds.
    private int _holds;

    private ActivitySpan(Activity activity, Func<DateTimeOffset, long> nanosOf) => (_activity, _nanosOf) = (activity, nanosOf);

    public override string Name => _activity.DisplayName;

    public override string? StopReason => _activity.GetTagItem(StopReasonAttribute)?.ToString();

    public override CallError? Error
    {
        get
        {
            if (_activity.Status != ActivityStatusCode.Error)
                return null;
            var recorded = _activity
                .Events.FirstOrDefault(e => e.Name == "exception")
                .Tags?.ToDictionary(t => t.Key, t => t.Value?.ToString() ?? "");
            return new(
                recorded?.GetValueOrDefault("exception.type") ?? AttemptFailed,
                recorded?.GetValueOrDefault("exception.message") ?? _activity.StatusDescription ?? AnotherFollowed
            );
        }
    }

    private bool HasEnded => _activity.Duration > TimeSpan.Zero || _activity.IsStopped;

    /// <summary>The spans that a recorder holds, with the calls that they are around.</summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="calls">The schedule's calls.</param>
    /// <param name="write">The clock of its trace.</param>
    /// <param name="endTicks">When it ended.</param>
    public static IReadOnlyList<AgentSpan> Of(ActivityRecorder recorder, List<BoundaryCall> calls, ReplaySpans write, long endTicks)
    {
        var activities = recorder.Activities;
        var spans = new ActivitySpan[activities.Count];
        var known = new Dictionary<Activity, ActivitySpan>(spans.Length, ReferenceEqualityComparer.Instance);
        var end = write.At(endTicks);
        long NanosOf(DateTimeOffset real) => write.At(recorder.VirtualTicksOf(real));
        for (var i = 0; i < spans.Length; i++)
            known[activities[i]] = spans[i] = Of(activities[i], NanosOf, end);
        // A span may come before the one that is around it.
        foreach (var span in spans)
            span.Parent = span._activity.Parent is { } parent ? known.GetValueOrDefault(parent) : null;
        foreach (var call in calls)
            call.Around = call.Parent is { } parent ? known.GetValueOrDefault(parent) : null;
        Merge(calls, write);
        return spans;
    }

    private static ActivitySpan Of(Activity activity, Func<DateTimeOffset, long> nanosOf, long end)
    {
        var start = Nanos(activity.StartTimeUtc);
        var span = new ActivitySpan(activity, nanosOf)
        {
            StartNanos = start,
            EndNanos =
                activity.Duration > TimeSpan.Zero || activity.IsStopped
                    ? Nanos(activity.StartTimeUtc + activity.Duration)
                    : Math.Max(start, end),
        };
        return span;
    }

    // An agent's span is the one call below it when it holds no other and lasts exactly as long.
    private static void Merge(List<BoundaryCall> calls, ReplaySpans write)
    {
        foreach (var call in calls.Where(c => c.Kind != BoundaryKind.Http))
            for (var span = (ActivitySpan?)call.Around; span is not null; span = (ActivitySpan?)span.Parent)
                span._holds++;
        foreach (var call in calls.Where(c => c is { Kind: not BoundaryKind.Http, Ended: true }))
            if (
                call.Around is ActivitySpan { _holds: 1 } around
                && around.StartNanos == write.At(call.StartTicks)
                && (!around.HasEnded || around.EndNanos == write.At(call.EndTicks))
            )
                around.Call = call;
    }

    public override Span In(string traceId, string parentId) =>
        new(traceId, Id, parentId, Name, StartNanos, EndNanos)
        {
            Scope = _activity.Source.Name,
            Status = _activity.Status switch
            {
                ActivityStatusCode.Error => SpanStatus.Error,
                ActivityStatusCode.Ok => SpanStatus.Ok,
                _ => SpanStatus.Unset,
            },
            StatusMessage = _activity.StatusDescription,
            Attributes = Plain(_activity.TagObjects),
            Events = [.. _activity.Events.Select(e => new SpanEvent(e.Name, _nanosOf(e.Timestamp), Plain(e.Tags)))],
        };

    private static AttributeSet Plain(IEnumerable<KeyValuePair<string, object?>> tags) =>
        new([.. tags.Select(t => KeyValuePair.Create(t.Key, Plain(t.Value)))]);

    private static object? Plain(object? value) =>
        value switch
        {
            null or string or bool or long or double => value,
            int n => (long)n,
            float f => (double)f,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };

    private static long Nanos(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}
