using System.Globalization;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Shapes;

/// <summary>A trace as a tree for people: names, durations and exceptions in columns, siblings and the cause marked.</summary>
internal static class SpanTree
{
    private const int MaxNameWidth = 100;

    private sealed record Row(string Name, Span Span);

    /// <summary>The tree of a trace, lines ended by LF, without trailing white space.</summary>
    public static string Text(Trace trace) => string.Concat(Lines(trace).Select(l => l.Text + "\n"));

    /// <summary>The lines of the tree, each with its span; the last may speak of spans whose parent is missing, and has none.</summary>
    public static IEnumerable<(string Text, Span? Span)> Lines(Trace trace)
    {
        AgentRun[] runs = [.. AgentRuns.Read(trace)];
        var marks = Marks(runs);
        List<Row> rows = [];
        foreach (var root in trace.Roots)
            AddRows(rows, trace, root, "", "");
        var width = Math.Min(MaxNameWidth, rows.Max(r => r.Name.Length));
        var exceptions = rows.Max(r => (ExceptionType(r.Span) ?? "").Length);
        foreach (var row in rows)
        {
            var line =
                $"{row.Name.PadRight(width)}  {Duration(row.Span), 8}  {(ExceptionType(row.Span) ?? "").PadRight(exceptions)} "
                + $" {marks.GetValueOrDefault(row.Span.SpanId)}";
            yield return (line.TrimEnd(), row.Span);
        }
        if (trace.Orphans.Count > 0)
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"{trace.Orphans.Count} span(s) name a parent that is not in the trace"),
                null
            );
    }

    /// <summary>The type of the exception a span carries, or null.</summary>
    public static string? ExceptionType(Span span)
    {
        var recorded =
            span.Events.LastOrDefault(e => e.Name == "exception")?.Attributes.Text("exception.type") ?? span.Attributes.Text("error.type");
        if (recorded is not null)
            return ErrorClass.SimpleName(recorded);
        return span.Status == SpanStatus.Error ? "error" : null;
    }

    /// <summary>The name people know a span by: its message where one was recorded, else its name.</summary>
    public static string DisplayName(Span span) => OneLine.Of(DialectNames.DisplayName(span) ?? span.Name);

    private static void AddRows(List<Row> rows, Trace trace, Span span, string prefix, string childPrefix)
    {
        rows.Add(new(prefix + DisplayName(span), span));
        Span[] children = [.. trace.ChildrenOf(span)];
        for (var i = 0; i < children.Length; i++)
        {
            var last = i == children.Length - 1;
            AddRows(rows, trace, children[i], childPrefix + (last ? "└── " : "├── "), childPrefix + (last ? "    " : "│   "));
        }
    }

    private static string Duration(Span span) =>
        span.EndNanos == span.StartNanos && DialectNames.IsLogLine(span)
            ? "----"
            : string.Create(CultureInfo.InvariantCulture, $"{span.Duration.TotalSeconds:0.00}s");

    private static Dictionary<string, string> Marks(AgentRun[] runs)
    {
        var marks = Siblings(runs);
        foreach (var run in runs)
            if (new RunView(run).Cause() is { } cause)
                marks[cause.Span.SpanId] = Join(marks.GetValueOrDefault(cause.Span.SpanId), "<- cause");
        return marks;
    }

    /// <summary>What each call of a turn with several is among them, and how much later than the first it started; by span id.</summary>
    internal static Dictionary<string, string> Siblings(IEnumerable<AgentRun> runs)
    {
        var marks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var turn in runs.SelectMany(r => r.Turns).Where(t => t.Calls.Count > 1))
            MarkSiblings(marks, turn);
        return marks;
    }

    private static void MarkSiblings(Dictionary<string, string> marks, Turn turn)
    {
        var first = turn.Calls.Min(c => c.Span.StartNanos);
        for (var i = 0; i < turn.Calls.Count; i++)
        {
            var skew = TimeSpan.FromTicks((turn.Calls[i].Span.StartNanos - first) / 100);
            marks[turn.Calls[i].Span.SpanId] =
                $"sibling {i + 1} of {turn.Calls.Count}{(skew == TimeSpan.Zero ? "" : $", started {Durations.Text(skew)} later")}";
        }
    }

    private static string Join(string? existing, string mark) => existing is null ? mark : $"{existing}  {mark}";
}
