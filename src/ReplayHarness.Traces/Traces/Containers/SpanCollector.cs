using System.Globalization;

namespace ReplayHarness.Traces.Containers;

/// <summary>Told of a part that is left out, by its path and by what is wrong with it.</summary>
internal delegate void LeaveOut(string path, string message);

/// <summary>Collects the spans and the problems of a source, and builds traces that hold together.</summary>
internal sealed class SpanCollector(bool strict)
{
    /// <summary>The most spans that one load may hold.</summary>
    public const int MaxSpans = 5_000_000;

    private const long MaxSkewNanos = 1_000_000;

    private readonly Dictionary<string, Dictionary<string, (Span Span, InputProblem Place)>> _traces = new(StringComparer.Ordinal);
    private readonly Dictionary<(string TraceId, string SpanId), List<SpanEvent>> _events = [];
    private readonly List<InputProblem> _problems = [];
    private readonly Dictionary<(string Source, LogWriter Writer), int> _logs = [];
    private int _count;

    /// <summary>Whether more spans came than one load may hold.</summary>
    public bool IsFull => _count > MaxSpans;

    /// <summary>Notes a problem; with --strict it is fatal.</summary>
    public void Report(InputProblem problem)
    {
        if (strict)
            throw new BadInputException($"{problem}. Read without strictness, the rest is kept.");
        _problems.Add(problem);
    }

    /// <summary>Reads a part; what has the wrong form is reported with its path and left out, everything around it is kept.</summary>
    public void Guard(Place place, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (WhatIsWrong(e) is var (path, message))
        {
            Report(place.Member(path).Problem($"{message}; it was left out"));
        }
    }

    /// <summary>Reports attributes that are left out of what stands at a place.</summary>
    public LeaveOut LeaveOut(Place place) => (path, message) => Report(place.Member(path).Problem($"{message}; it was left out"));

    /// <summary>
    /// What an exception of a reader says of the input: the path of what is wrong and what it is; null where the input is not to blame.
    /// </summary>
    public static (string Path, string Message)? WhatIsWrong(Exception e) =>
        e switch
        {
            WrongFormException wrong => (wrong.Path, wrong.Message),
            InvalidOperationException when Json.IsNoText(e) => ("", "holds text that is no valid Unicode"),
            OverflowException or FormatException => ("", "holds a number or a time that is out of range"),
            _ => null,
        };

    /// <summary>Adds an event that is told apart from its span.</summary>
    public void AddEvent(string traceId, string spanId, SpanEvent e)
    {
        if (!_events.TryGetValue((traceId, spanId), out var events))
            _events[(traceId, spanId)] = events = [];
        events.Add(e);
    }

    /// <summary>Whether a span was added.</summary>
    public bool HasSpans => _count > 0;

    /// <summary>Whether what else is read holds spans, so that log records are where they should be.</summary>
    public bool IsBesideSpans { get; set; }

    /// <summary>Notes log records, of which is told where there is no span.</summary>
    public void NoteLogs(Place place, LogWriter writer, int count) =>
        _logs[(place.Source, writer)] = _logs.GetValueOrDefault((place.Source, writer)) + count;

    /// <summary>Adds a span that was read at a place.</summary>
    public void Add(Span span, InputProblem place)
    {
        if (++_count > MaxSpans)
            throw new BadInputException(
                $"{place.Source}: more than {MaxSpans} spans, the most one load may hold; select with a narrower glob"
            );
        if (span.EndNanos < span.StartNanos)
        {
            Report(
                place with
                {
                    Message =
                        $"span {span.SpanId} ends {(span.StartNanos - span.EndNanos) / 1000} µs before it starts; its end was "
                        + $"set to its start",
                }
            );
            span = span with { EndNanos = span.StartNanos };
        }
        if (!_traces.TryGetValue(span.TraceId, out var spans))
            _traces[span.TraceId] = spans = new(StringComparer.Ordinal);
        if (spans.TryAdd(span.SpanId, (span, place)) || IsSame(spans[span.SpanId].Span, span))
            return;
        Report(
            place with
            {
                Message = $"span {span.SpanId} of trace {span.TraceId} occurs twice with different content; the first one was kept",
            }
        );
    }

    public TraceSet Build()
    {
        if (!HasSpans && !IsBesideSpans)
            foreach (var ((source, writer), count) in _logs.Where(l => l.Value > 0))
                Report(new(source, null, null, null, LogWriters.Message(writer, count)));
        foreach (var (key, events) in _events)
            if (_traces.TryGetValue(key.TraceId, out var spans) && spans.TryGetValue(key.SpanId, out var known))
                spans[key.SpanId] = known with
                {
                    Span = known.Span with { Events = [.. known.Span.Events, .. events.OrderBy(e => e.TimeNanos)] },
                };
        foreach (var spans in _traces.Values)
            ReportSkew(spans);
        Trace[] traces =
        [
            .. _traces
                .Select(t => new Trace(t.Key, WithoutCycles(t.Value)))
                .OrderBy(t => t.Spans[0].StartNanos)
                .ThenBy(t => t.TraceId, StringComparer.Ordinal),
        ];
        return new(traces, _problems);
    }

    // An exporter that retries sends the same span again.
    private static bool IsSame(Span a, Span b) =>
        a.Name == b.Name
        && a.ParentSpanId == b.ParentSpanId
        && a.StartNanos == b.StartNanos
        && a.EndNanos == b.EndNanos
        && a.Status == b.Status
        && a.Attributes.Count == b.Attributes.Count
        && a.Events.Select(e => (e.Name, e.TimeNanos)).SequenceEqual(b.Events.Select(e => (e.Name, e.TimeNanos)));

    private List<Span> WithoutCycles(Dictionary<string, (Span Span, InputProblem Place)> spans)
    {
        var sound = new HashSet<string>(StringComparer.Ordinal);
        var cut = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (span, place) in spans.Values)
        {
            var path = new List<Span>();
            var onPath = new HashSet<string>(StringComparer.Ordinal);
            for (
                var at = span;
                at is not null && !sound.Contains(at.SpanId) && !cut.Contains(at.SpanId) && onPath.Add(at.SpanId);
                at = Parent(spans, at)
            )
                path.Add(at);
            if (path.Count > 0 && Parent(spans, path[^1]) is { } next && onPath.Contains(next.SpanId))
            {
                // The earliest span of the cycle becomes a root, so that nothing is lost.
                var first = path.SkipWhile(s => s.SpanId != next.SpanId).MinBy(s => (s.StartNanos, s.SpanId))!;
                cut.Add(first.SpanId);
                Report(place with { Message = $"the parents of span {first.SpanId} form a cycle; it was made a root" });
            }
            sound.UnionWith(onPath);
        }
        return [.. spans.Values.Select(s => cut.Contains(s.Span.SpanId) ? s.Span with { ParentSpanId = null } : s.Span)];
    }

    // Two machines' clocks differ: a child in another service begins before its parent. Once for each pair of services.
    private void ReportSkew(Dictionary<string, (Span Span, InputProblem Place)> spans)
    {
        var told = new HashSet<(string?, string?)>();
        foreach (var (span, place) in spans.Values)
        {
            if (
                Parent(spans, span) is not { } parent
                || ServiceOf(span) == ServiceOf(parent)
                || parent.StartNanos - span.StartNanos <= MaxSkewNanos
                || !told.Add((ServiceOf(parent), ServiceOf(span)))
            )
                continue;
            Report(
                place with
                {
                    Message = string.Create(
                        CultureInfo.InvariantCulture,
                        $"span {span.SpanId} of {ServiceOf(span)} starts {(parent.StartNanos - span.StartNanos) / 1e6:0.#} ms "
                            + $"before its parent in {ServiceOf(parent)}: their clocks differ; times were left as they are"
                    ),
                }
            );
        }
    }

    private static string? ServiceOf(Span span) => span.Resource.Text("service.name");

    private static Span? Parent(Dictionary<string, (Span Span, InputProblem Place)> spans, Span span) =>
        span.ParentSpanId is { } id && spans.TryGetValue(id, out var parent) ? parent.Span : null;
}
