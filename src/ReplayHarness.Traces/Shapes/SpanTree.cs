using System.Globalization;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Shapes;

/// <summary>A trace as a tree for people: names, durations and exceptions in columns, siblings and the cause marked.</summary>
internal static class SpanTree
{
    private const int MaxNameWidth = 100;

    // Without a span: how many are not drawn.
    private sealed record Row(string Name, Span? Span);

    /// <summary>The tree of a trace, lines ended by LF, without trailing white space.</summary>
    public static string Text(Trace trace) => string.Concat(Lines(trace).Select(l => l.Text + "\n"));

    /// <summary>The lines of the tree, each with its span; one that counts spans (not drawn, without their parent) has none.</summary>
    public static IEnumerable<(string Text, Span? Span)> Lines(Trace trace)
    {
        AgentRun[] runs = [.. AgentRuns.Read(trace)];
        var marks = Marks(runs);
        List<Row> rows = [.. Rows(trace, marks)];
        var width = Math.Min(MaxNameWidth, rows.Max(r => r.Name.Length));
        var exceptions = rows.Max(r => (r.Span is null ? null : ExceptionType(r.Span))?.Length ?? 0);
        foreach (var row in rows)
            yield return (row.Span is null ? row.Name : Line(row.Name.PadRight(width), row.Span, exceptions, marks), row.Span);
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

    private static string Line(string name, Span span, int exceptions, Dictionary<string, string> marks) =>
        (
            $"{name}  {Duration(span), 8}  {(ExceptionType(span) ?? "").PadRight(exceptions)} " + $" {marks.GetValueOrDefault(span.SpanId)}"
        ).TrimEnd();

    private static IEnumerable<Row> Rows(Trace trace, Dictionary<string, string> marks)
    {
        var open = new Stack<Branch>(trace.Roots.Reverse().Select(r => new Branch(r, 0, "", "")));
        var (left, leftAt) = (0, "");
        while (open.TryPop(out var branch))
        {
            foreach (var child in branch.Children(trace))
                open.Push(child);
            if (branch.Depth > Depth.Most && branch.Span.Status != SpanStatus.Error && !marks.ContainsKey(branch.Span.SpanId))
            {
                (left, leftAt) = (left + 1, branch.Prefix);
                continue;
            }
            if (left > 0)
                yield return new(leftAt + Depth.Left(left), null);
            left = 0;
            yield return new(branch.Prefix + DisplayName(branch.Span), branch.Span);
        }
        if (left > 0)
            yield return new(leftAt + Depth.Left(left), null);
    }

    // What stands before a span's name, and before those of the spans within it. From a depth on it grows no more.
    private readonly record struct Branch(Span Span, int Depth, string Prefix, string Within)
    {
        // The last first, as a stack takes them.
        public IEnumerable<Branch> Children(Trace trace)
        {
            var (depth, within, isLast) = (Depth + 1, Within, true);
            foreach (var child in trace.ChildrenOf(Span).Reverse())
            {
                yield return depth > Shapes.Depth.Most
                    ? new(child, depth, within + "└── ", within)
                    : new(child, depth, within + (isLast ? "└── " : "├── "), within + (isLast ? "    " : "│   "));
                isLast = false;
            }
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
