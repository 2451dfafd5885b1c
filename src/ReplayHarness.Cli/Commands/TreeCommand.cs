using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis;
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
        var selection = new Selection();
        var waterfall = new Option<bool>("--waterfall")
        {
            Description = "Bars on one axis of time: what ran in parallel lies under each other.",
        };
        var command = new Command("tree", "The span tree with durations, exceptions, siblings' start skew, the cause marked.")
        {
            waterfall,
        };
        selection.AddTo(command);
        source.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(source.Json))
                Write(TreeDocument.Of(selection.LoadOne(source, parsed, "--json shows one")), CliJson.Relaxed.TreeDocument);
            else
            {
                var (traces, _) = selection.Load(source, parsed);
                Print(traces, parsed.GetValue(waterfall));
                Hint.Next("io", NextCommands.Quoted(source.Text(parsed)), selection.Words(parsed, traces));
                Hint.Test(source.Text(parsed), selection.Words(parsed, traces));
            }
        });
        return command;
    }

    private static void Print(IReadOnlyList<Trace> traces, bool waterfall)
    {
        foreach (var trace in traces)
        {
            if (traces.Count > 1)
                Console.Out.WriteLine($"{(trace == traces[0] ? "" : "\n")}trace {trace.TraceId}\n");
            Print(trace, waterfall);
        }
    }

    private static void Print(Trace trace, bool waterfall)
    {
        Console.Out.Write(waterfall ? WaterfallText.Of(trace) : Coloured(trace));
        foreach (var run in AgentRuns.Read(trace))
            if (new RunView(run).Cause() is { } cause)
                Console.Out.WriteLine(
                    $"\ncause: {SpanTree.DisplayName(cause.Span)} ({cause.Span.SpanId}): "
                        + $"{cause.Error}"
                        + $"{(run.Failed ? "; the spans above it that carry it are the unwind path" : "; the run survived it")}"
                );
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
