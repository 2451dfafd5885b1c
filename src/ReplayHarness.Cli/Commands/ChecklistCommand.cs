using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis.Logs;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Diagnosis.Readiness;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>Whether what a team records is enough to investigate, and to replay.</summary>
internal static class ChecklistCommand
{
    public static Command Create()
    {
        var source = new Source();
        var logs = new Option<string?>("--logs") { Description = "Logs: JSON lines, OTLP logs, or lines that begin with a time." };
        var metrics = new Option<string?>("--metrics") { Description = "A JSON snapshot of metrics." };
        var baseline = new Option<string?>("--baseline") { Description = "The release to compare with." };
        var trace = new Option<string?>("--trace")
        {
            Description = "Also how far this trace can be replayed; not needed where there is one run.",
        };
        var command = new Command(
            "checklist",
            "Nine things an investigation needs, checked on what there is; and how far a trace can be replayed."
        )
        {
            logs,
            metrics,
            baseline,
            trace,
        };
        source.AddTo(command);
        command.SetAction(parsed =>
        {
            var checklist = new Checklist(
                parsed.GetValue(logs) is { } l
                    ? [.. LogFiles.Read(l, problem => Console.Error.WriteLine($"replay-harness: {problem}"))]
                    : null,
                parsed.GetValue(metrics) is { } m ? MetricsJson.Read(m) : null,
                parsed.GetValue(baseline)
            );
            return Run(source, parsed, checklist, parsed.GetValue(trace));
        });
        return command;
    }

    private static int Run(Source source, ParseResult parsed, Checklist checklist, string? traceId)
    {
        var count = 0;
        var replayable = new List<(AgentRun Run, Replayability Report)>();
        AgentRun? first = null;
        var none = new NoRun();
        foreach (var run in RunStream.Of(source, parsed, TraceQuery.All, none))
        {
            count++;
            first ??= run.Run;
            checklist.Add(run);
            if (traceId is not null && run.Run.TraceIds.Any(t => t.StartsWith(traceId, StringComparison.OrdinalIgnoreCase)))
                replayable.Add((run.Run, Replayability.Of(run.Run)));
        }
        if (count == 0)
            throw new BadInputException($"{source.Text(parsed)}: holds no agent run: {none.Why}");
        if (traceId is not null && replayable.Count == 0)
            throw new BadInputException(
                $"{source.Text(parsed)}: holds no agent run in a trace {traceId}. List them with: replay-harness inspect "
                    + $"{source.Text(parsed)}"
            );
        // Of one run nobody needs to be told which.
        if (traceId is null && count == 1)
            replayable.Add((first!, Replayability.Of(first!)));
        if (parsed.GetValue(source.Json))
            Write(ChecklistDocument.Of(checklist.Items, replayable), CliJson.Relaxed.ChecklistDocument);
        else
            Print(checklist.Items, replayable);
        return 0;
    }

    private static void Print(IReadOnlyList<ChecklistItem> items, List<(AgentRun Run, Replayability Report)> replayable)
    {
        var done = items.Count(i => i.Holds);
        Console.Out.WriteLine($"Progress: {done}/{items.Count}  {Verdict(done, items.Count)}\n");
        foreach (var item in items)
        {
            Console.Out.WriteLine($"[{(item.Holds ? "x" : " ")}] {item.Name}: {item.Found}");
            if (!item.Holds)
                Console.Out.WriteLine($"    to do: {item.Fix}");
        }
        foreach (var (run, report) in replayable)
            Print(run, report);
        if (replayable.Count == 0)
            Console.Out.WriteLine("\nhow far one of the runs can be replayed: add --trace ID");
    }

    // As the self-check of a debugging flow says it.
    private static string Verdict(int done, int all) =>
        done == all ? "an incident can be debugged"
        : done > all / 2 ? "an incident can be debugged in part"
        : "baseline observability is missing: start with run_id, structured logs and traced tool calls";

    private static void Print(AgentRun run, Replayability report)
    {
        Console.Out.WriteLine($"\nreplay of {run.Trace.TraceId}: {(report.Gaps.Count == 0 ? "full" : "partial")}");
        foreach (var gap in report.Gaps)
            Console.Out.WriteLine($"  missing: {gap.What} ({gap.Count}): {gap.Consequence}");
        foreach (var gap in TelemetryGap.Of(run))
            Console.Out.WriteLine($"  turn it on: {gap.Remedy}");
        foreach (var possible in report.Possible)
            Console.Out.WriteLine($"  can be replayed: {possible}");
    }
}
