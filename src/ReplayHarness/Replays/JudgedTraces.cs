using System.Diagnostics.CodeAnalysis;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>What the rules say of one schedule's trace.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="Attempts">Its attempts with everything the rules found.</param>
internal sealed record JudgedTrace(Trace Trace, IReadOnlyList<InspectedRun> Attempts)
{
    /// <summary>What the attempts show together.</summary>
    public FailureShape Shape => field ??= FailureShape.Union(Attempts.Select(a => a.Shape));
}

/// <summary>
/// Judges the traces of schedules, equal ones once. Equal is what holds the same spans in everything, times included: nothing that a rule
/// could see tells them apart.
/// </summary>
/// <param name="known">What is known beside the traces.</param>
internal sealed class JudgedTraces(RunKnowledge known)
{
    // Where nearly every schedule is another, keeping them all would only cost memory.
    private const int Most = 2_000;

    private readonly Dictionary<IReadOnlyList<Span>, JudgedTrace> _judged = new(new EqualSpans());

    /// <summary>What is known beside the traces.</summary>
    public RunKnowledge Known => known;

    /// <summary>The judgement of a trace, made or remembered.</summary>
    /// <param name="traceId">Its id.</param>
    /// <param name="spans">Its spans; they must not change afterwards.</param>
    public JudgedTrace Of(string traceId, IReadOnlyList<Span> spans)
    {
        if (_judged.TryGetValue(spans, out var before))
            return before;
        var trace = new Trace(traceId, spans);
        var judged = new JudgedTrace(trace, [.. AgentRuns.Read(trace).Select(run => InspectedRun.Of(run, known))]);
        if (_judged.Count < Most)
            _judged.Add(spans, judged);
        return judged;
    }

    private sealed class EqualSpans : IEqualityComparer<IReadOnlyList<Span>>
    {
        public bool Equals(IReadOnlyList<Span>? x, IReadOnlyList<Span>? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && Same(x, y, SameSpans));

        // Names, times and texts of errors tell most apart; the rest is compared.
        public int GetHashCode([DisallowNull] IReadOnlyList<Span> spans)
        {
            var hash = new HashCode();
            foreach (var span in spans)
            {
                hash.Add(span.Name, StringComparer.Ordinal);
                hash.Add(span.StartNanos);
                hash.Add(span.EndNanos);
                hash.Add(span.StatusMessage, StringComparer.Ordinal);
            }
            return hash.ToHashCode();
        }

        // A copy with the parts that compare by reference taken out compares all that is left, also what a span will hold one day.
        private static bool SameSpans(Span x, Span y) =>
            Same(x.Attributes, y.Attributes)
            && Same(x.Resource, y.Resource)
            && Same(x.Events, y.Events, SameEvents)
            && x.Links.Count == 0
            && y.Links.Count == 0
            && x == y with { Attributes = x.Attributes, Resource = x.Resource, Events = x.Events, Links = x.Links };

        private static bool SameEvents(SpanEvent x, SpanEvent y) =>
            Same(x.Attributes, y.Attributes) && x == y with { Attributes = x.Attributes };

        private static bool Same(AttributeSet x, AttributeSet y) =>
            ReferenceEquals(x, y)
            || (x.Count == y.Count && x.Zip(y).All(p => p.First.Key == p.Second.Key && SameValues(p.First.Value, p.Second.Value)));

        private static bool SameValues(object? x, object? y) =>
            (x, y) switch
            {
                (string a, string b) => a == b,
                (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) => a.Count == b.Count
                    && a.Zip(b).All(p => p.First.Key == p.Second.Key && SameValues(p.First.Value, p.Second.Value)),
                (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => Same(a, b, SameValues),
                // Bytes are never equal here, which costs no more than another judgement.
                _ => Equals(x, y),
            };

        private static bool Same<T>(IReadOnlyList<T> x, IReadOnlyList<T> y, Func<T, T, bool> same)
        {
            if (x.Count != y.Count)
                return false;
            for (var i = 0; i < x.Count; i++)
                if (!same(x[i], y[i]))
                    return false;
            return true;
        }
    }
}
