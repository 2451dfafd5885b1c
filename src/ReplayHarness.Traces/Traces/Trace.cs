using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>
/// The spans of one trace with their parent and child structure. Spans are ordered by start time, then by longer duration, then by id,
/// so that the order in which an exporter sent them never matters.
/// </summary>
public sealed class Trace
{
    private readonly Dictionary<string, Span> _byId;
    private readonly ILookup<string, Span> _children;
    private Dictionary<Span, Dialect?>? _dialects;
    private Dictionary<string, int>? _depths;

    /// <summary>
    /// Builds the structure. Span ids must be distinct and parents free of cycles: a reader reports such input before it comes here.
    /// </summary>
    /// <exception cref="ArgumentException">Two spans share an id.</exception>
    public Trace(string traceId, IEnumerable<Span> spans)
    {
        TraceId = traceId;
        Spans = [.. spans.OrderBy(s => s.StartNanos).ThenByDescending(s => s.EndNanos).ThenBy(s => s.SpanId, StringComparer.Ordinal)];
        _byId = Spans.ToDictionary(s => s.SpanId, StringComparer.Ordinal);
        _children = Spans.Where(s => s.ParentSpanId is not null).ToLookup(s => s.ParentSpanId!, StringComparer.Ordinal);
        Orphans = [.. Spans.Where(s => s.ParentSpanId is not null && !_byId.ContainsKey(s.ParentSpanId))];
        Roots = [.. Spans.Where(s => s.ParentSpanId is null || !_byId.ContainsKey(s.ParentSpanId))];
    }

    /// <summary>32 hex digits.</summary>
    public string TraceId { get; }

    /// <summary>Every span, ordered.</summary>
    public IReadOnlyList<Span> Spans { get; }

    /// <summary>Spans without a parent in this trace: true roots and <see cref="Orphans"/>.</summary>
    public IReadOnlyList<Span> Roots { get; }

    /// <summary>Spans that name a parent which is not in this trace (it was never exported, or not yet).</summary>
    public IReadOnlyList<Span> Orphans { get; }

    /// <summary>The children of a span, ordered.</summary>
    public IEnumerable<Span> ChildrenOf(Span span) => _children[span.SpanId];

    /// <summary>The span of an id, or null.</summary>
    public Span? Find(string? spanId) => spanId is not null && _byId.TryGetValue(spanId, out var span) ? span : null;

    /// <summary>The dialect that reads a span, asked of the table once.</summary>
    internal Dialect? DialectOf(Span span)
    {
        _dialects ??= DialectTable.Of(Spans);
        return _dialects.TryGetValue(span, out var dialect) ? dialect : DialectTable.Of(span);
    }

    /// <summary>The parent of a span, or null for a root.</summary>
    public Span? ParentOf(Span span) => Find(span.ParentSpanId);

    /// <summary>The spans above a span, nearest first.</summary>
    public IEnumerable<Span> AncestorsOf(Span span)
    {
        for (var parent = ParentOf(span); parent is not null; parent = ParentOf(parent))
            yield return parent;
    }

    /// <summary>How many spans are above each, by span id.</summary>
    internal IReadOnlyDictionary<string, int> Depths => _depths ??= DepthsOf();

    private Dictionary<string, int> DepthsOf()
    {
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        var open = new Stack<(Span Span, int Depth)>(Roots.Select(r => (r, 0)));
        while (open.TryPop(out var next))
        {
            depths[next.Span.SpanId] = next.Depth;
            foreach (var child in ChildrenOf(next.Span))
                open.Push((child, next.Depth + 1));
        }
        return depths;
    }

    /// <summary>The spans of which something holds while it holds of none above them, in order.</summary>
    internal IEnumerable<Span> Outermost(Func<Span, bool> holds)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Span>(Roots);
        while (open.TryPop(out var next))
            if (holds(next))
                found.Add(next.SpanId);
            else
                foreach (var child in ChildrenOf(next))
                    open.Push(child);
        return Spans.Where(s => found.Contains(s.SpanId));
    }

    /// <summary>The spans below a span, parents before children, in order.</summary>
    public IEnumerable<Span> DescendantsOf(Span span)
    {
        var open = new Stack<Span>(ChildrenOf(span).Reverse());
        while (open.TryPop(out var next))
        {
            yield return next;
            foreach (var child in ChildrenOf(next).Reverse())
                open.Push(child);
        }
    }
}
