using System.CommandLine;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>Question 2: what did the run look like, and where is the cause?</summary>
internal static class TreeCommand
{
    public static Command Create()
    {
        var source = new Source();
        var trace = new Option<string>("--trace") { Description = "The trace id, or its first digits.", Required = true };
        var waterfall = new Option<bool>("--waterfall")
        {
            Description = "Bars on one axis of time: what ran in parallel lies under each other.",
        };
        var command = new Command("tree", "The span tree with durations, exceptions, siblings' start skew, the cause marked.")
        {
            trace,
            waterfall,
        };
        source.AddTo(command);
        command.SetAction(parsed =>
            Run(source, source.LoadOne(parsed, parsed.GetRequiredValue(trace)), parsed, parsed.GetValue(waterfall))
        );
        return command;
    }

    private static int Run(Source source, Trace trace, ParseResult parsed, bool waterfall)
    {
        if (parsed.GetValue(source.Json))
        {
            Write(Map(("traceId", trace.TraceId), ("roots", trace.Roots.Select(s => ToJson(trace, s)).ToArray())));
            return 0;
        }
        Console.Out.Write(waterfall ? WaterfallText.Of(trace) : Coloured(trace));
        foreach (var run in AgentRuns.Read(trace))
            if (new RunView(run).Cause() is { } cause)
                Console.Out.WriteLine(
                    $"\ncause: {SpanTree.DisplayName(cause.Span)} ({cause.Span.SpanId}): {cause.Error}{(run.Failed ? "; the spans above it that carry it are the unwind path" : "; the run survived it")}"
                );
        return 0;
    }

    private static string Coloured(Trace trace)
    {
        var marks = Waterfall.Marks(trace);
        return string.Concat(
            SpanTree
                .Lines(trace)
                .Select(l => Ink.Of(l.Span is null ? SpanMark.None : marks.GetValueOrDefault(l.Span.SpanId), l.Text) + "\n")
        );
    }

    private static Dictionary<string, object?> ToJson(Trace trace, Span span) =>
        Map(
            ("spanId", span.SpanId),
            ("name", span.Name),
            ("start", Time(span.StartNanos)),
            ("seconds", span.Duration.TotalSeconds),
            ("exception", SpanTree.ExceptionType(span)),
            ("attributes", Attributes(span)),
            ("children", trace.ChildrenOf(span).Select(c => ToJson(trace, c)).ToArray())
        );

    // The last value of a name that comes twice counts.
    private static Dictionary<string, object?> Attributes(Span span)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in span.Attributes)
            map[name] = value;
        return map;
    }
}
