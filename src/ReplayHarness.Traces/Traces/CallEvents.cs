using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>Calls of which each event is a span of its own.</summary>
internal static class CallEvents
{
    // Such spans begin and end by two clocks, of which one counts milliseconds.
    private const long Unsure = 2_000_000;

    /// <summary>
    /// The events of each call, its start first. Of calls of one tool that are made at once the one that began first is the one that ends
    /// first.
    /// </summary>
    public static IReadOnlyList<List<FoundCall>> Calls(IEnumerable<FoundCall> events)
    {
        FoundCall[] ordered = [.. events.OrderBy(e => e.Span.StartNanos).ThenBy(e => e.Span.Name, StringComparer.Ordinal)];
        List<List<FoundCall>> calls = [.. ordered.Where(e => KindOf(e) == CallEventKind.Start).Select(e => new List<FoundCall> { e })];
        if (calls.Count == 0)
            calls.Add([ordered[0]]);
        foreach (var e in ordered.Where(e => !calls.Exists(c => c[0] == e)))
        {
            var open = calls.FindAll(c => c[0].Span.StartNanos <= e.Span.StartNanos + Unsure);
            (open.Find(c => !c.Exists(o => KindOf(o) == KindOf(e))) ?? open.LastOrDefault() ?? calls[0]).Add(e);
        }
        return calls;
    }

    /// <summary>One span of the events of a call.</summary>
    public static Span Joined(Span[] events)
    {
        var failed = Array.FindLastIndex(events, e => e.Status == SpanStatus.Error);
        // Who failed and was tried again may have gone well in the end.
        if (failed >= 0 && Array.FindLastIndex(events, e => e.Status != SpanStatus.Error && e.Attributes.Has("output.value")) > failed)
            failed = -1;
        return events[0] with
        {
            StartNanos = events.Min(e => e.StartNanos),
            EndNanos = events.Max(e => e.EndNanos),
            Status = failed < 0 ? events[0].Status : SpanStatus.Error,
            StatusMessage = failed < 0 ? events[0].StatusMessage : events[failed].StatusMessage,
            Attributes = new([.. events.SelectMany(e => e.Attributes)]),
            Events = [.. events.SelectMany(e => e.Events)],
        };
    }

    private static CallEventKind KindOf(FoundCall call) => call.Dialect.EventOf(call.Span)!.Value.Kind;
}
