using ReplayHarness.Replays.Races;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Reports.Page;

/// <summary>Traces as rows of a waterfall, parents before children, on one axis whose zero is the beginning of the agent's run.</summary>
internal sealed class PageRuns(PageContent content)
{
    private const int MostSpans = 20_000;
    private const double NanosInMillisecond = 1e6;

    /// <summary>A captured trace: everything in it, around the run too.</summary>
    public PageAttempt Captured(Trace trace)
    {
        AgentRun[] runs = [.. AgentRuns.Read(trace)];
        return Attempt(trace, runs, trace.Spans.Select(s => s.SpanId).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>A replay's trace: an attempt each.</summary>
    /// <param name="trace">The trace; null where there is none.</param>
    /// <param name="races">The races that it shows.</param>
    public IReadOnlyList<PageAttempt> Replayed(Trace? trace, IReadOnlyList<Race> races)
    {
        if (trace is null)
            return [];
        // A replay's time begins with its first span.
        var begin = trace.Spans.Min(s => s.StartNanos);
        return [.. AgentRuns.Read(trace).Select(run => Attempt(trace, [run], Within(trace, run), races, begin))];
    }

    // What the harness saw of the attempt, and the agent's own spans within it.
    private static HashSet<string> Within(Trace trace, AgentRun run)
    {
        var within = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Span>(run.Spans);
        while (open.TryPop(out var span))
            if (within.Add(span.SpanId))
                foreach (var child in trace.ChildrenOf(span))
                    open.Push(child);
        return within;
    }

    private PageAttempt Attempt(Trace trace, AgentRun[] runs, HashSet<string> shown, IReadOnlyList<Race>? races = null, long begin = 0)
    {
        var marks = Waterfall.Marks(trace);
        var calls = new Calls(content, runs);
        var zero = runs.Length == 0 ? trace.Spans[0].StartNanos : runs[0].Root?.StartNanos ?? runs[0].Spans[0].StartNanos;
        List<PageSpan> rows = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (var (span, depth) in Waterfall.InOrder(trace, shown).Take(MostSpans))
        {
            places[span.SpanId] = rows.Count;
            rows.Add(calls.Row(span, Math.Min(depth, Depth.Most), zero, marks.GetValueOrDefault(span.SpanId)));
        }
        var cause = runs.Select(r => new RunView(r).Cause()).FirstOrDefault(c => c is not null);
        int? Place(Span? span) => span is not null && places.TryGetValue(span.SpanId, out var place) ? place : null;
        return new(
            trace.TraceId,
            shown.Count - rows.Count,
            Place(cause?.Span),
            cause is { } c ? $"{c.Error}" : null,
            cause is { } under
                ?
                [
                    .. trace
                        .AncestorsOf(under.Span)
                        .Where(a => marks.GetValueOrDefault(a.SpanId) == SpanMark.Unwind)
                        .Reverse()
                        .Select(a => Place(a))
                        .OfType<int>(),
                ]
                : [],
            rows,
            races?.Select(RaceOf).OfType<PageRace>().ToArray() is { Length: > 0 } here ? here : null
        );

        PageRace? RaceOf(Race race) =>
            AccessOf(race.First) is { } first && AccessOf(race.Second) is { } second ? new(race.Shared, [first, second]) : null;

        // What serves no call is the run's own.
        PageAccess? AccessOf(RaceAccess access)
        {
            var at = (begin - zero) / NanosInMillisecond + (access.Seconds * 1000);
            var row =
                access.Span is { } id ? (places.TryGetValue(id, out var place) ? place : -1)
                : rows.Count > 0 && at >= rows[0].Start && at <= rows[0].End ? 0
                : -1;
            return row < 0 ? null : new(row, at, access.Does, access.Method, access.Where, access.Source, access.Serves);
        }
    }

    /// <summary>What spans say as calls of a model or a tool.</summary>
    private sealed class Calls
    {
        private readonly PageContent _content;
        private readonly Dictionary<string, (ModelCall Call, string Key)> _models = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (ToolCall Call, string Key)> _tools = new(StringComparer.Ordinal);
        private readonly HashSet<string> _agents;
        private readonly IReadOnlyDictionary<string, string> _siblings;

        public Calls(PageContent content, AgentRun[] runs)
        {
            _content = content;
            _agents = [.. runs.Select(r => r.Root?.SpanId).OfType<string>()];
            _siblings = SpanTree.Siblings(runs);
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (call, turn) in runs.SelectMany(r => r.ModelCalls).Select((call, turn) => (call, turn + 1)))
            foreach (var attempt in call.Attempts)
                _models.TryAdd(attempt.SpanId, (call, $"model {turn}"));
            foreach (var call in runs.SelectMany(r => r.ToolCalls))
            {
                var asked = $"{call.Name} {Json.Canonical(call.Arguments)}";
                seen[asked] = seen.GetValueOrDefault(asked) + 1;
                _tools.TryAdd(call.Span.SpanId, (call, $"{asked} {seen[asked]}"));
            }
        }

        public PageSpan Row(Span span, int depth, long zero, SpanMark mark)
        {
            var model = _models.TryGetValue(span.SpanId, out var m) ? m : default;
            var tool = _tools.TryGetValue(span.SpanId, out var t) ? t : default;
            return new(
                span.SpanId,
                SpanTree.DisplayName(span),
                depth,
                (span.StartNanos - zero) / NanosInMillisecond,
                (span.EndNanos - zero) / NanosInMillisecond,
                model.Call is not null ? "model"
                    : tool.Call is not null ? "tool"
                    : _agents.Contains(span.SpanId) ? "agent"
                    : "other",
                mark switch
                {
                    SpanMark.Cause => "cause",
                    SpanMark.Unwind => "unwind",
                    SpanMark.Failed => "failed",
                    _ => null,
                },
                _siblings.GetValueOrDefault(span.SpanId),
                ErrorOf(span, model.Call?.Error ?? tool.Call?.Error),
                model.Key ?? tool.Key,
                model.Call is null ? null : _content.Of(model.Call),
                tool.Call is null ? null : PageContent.Of(tool.Call),
                PageContent.FieldsOf(span)
            );
        }

        private static string? ErrorOf(Span span, CallError? error) =>
            error is not null ? $"{error}"
            : span.Status != SpanStatus.Error ? null
            : $"{SpanTree.ExceptionType(span)}{(span.StatusMessage is { Length: > 0 } message ? $": {message}" : "")}";
    }
}
