using System.CommandLine;
using ReplayHarness.Cli.Documents;
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
            Write(TreeDocument.Of(trace), CliJson.Relaxed.TreeDocument);
            return 0;
        }
        Console.Out.Write(waterfall ? WaterfallText.Of(trace) : Coloured(trace));
        foreach (var run in AgentRuns.Read(trace))
            if (new RunView(run).Cause() is { } cause)
                Console.Out.WriteLine(
                    $"\ncause: {SpanTree.DisplayName(cause.Span)} ({cause.Span.SpanId}): "
                        + $"{cause.Error}"
                        + $"{(run.Failed ? "; the spans above it that carry it are the unwind path" : "; the run survived it")}"
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
}
