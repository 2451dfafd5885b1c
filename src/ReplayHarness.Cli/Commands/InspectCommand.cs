using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>The failure shape of every run.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var source = new Source();
        var selection = new Selection();
        var group = new Option<bool>("--group") { Description = "Runs grouped by their shape, the most frequent first." };
        var failed = new Option<bool>("--failed")
        {
            Description = "Only traces in which a span has the status of an error; what fails without one is passed over.",
        };
        var command = new Command("inspect", "The failure shape of every run: counts, cause, findings.") { group, failed };
        selection.AddOptionalTo(command);
        source.AddTo(command);
        command.SetAction(parsed =>
            Run(source, parsed, selection.Query(parsed) with { FailedOnly = parsed.GetValue(failed) }, parsed.GetValue(group))
        );
        return command;
    }

    private static int Run(Source source, ParseResult parsed, TraceQuery query, bool group)
    {
        int loose = 0,
            count = 0;
        var none = new NoRun();
        var runs = RunStream
            .Of(source, parsed, query, none)
            .Select(run =>
            {
                count++;
                if (AgentRuns.IsLoose(run.Run))
                    loose++;
                return run;
            });
        if (group)
            InspectGroups.Print(runs, source.Text(parsed), parsed.GetValue(source.Json));
        else if (parsed.GetValue(source.Json))
            Write(new([.. runs.Select(InspectedRunRow.Of)]), CliJson.Relaxed.InspectDocument);
        else
            Print(source.Text(parsed), runs);
        if (loose > 1)
            Console.Error.WriteLine(
                $"replay-harness: {source.Text(parsed)}: {loose} traces hold calls but no agent's span, and no session id joins "
                    + $"them; each is shown as a run of its own. Put session.id on the spans, or keep the context across calls"
            );
        if (count == 0 && none.Traces == 0 && query.TraceId is { } id)
            throw Source.HoldsNone(source.Text(parsed), id);
        var narrowed = query.FailedOnly || query.Where is not null || source.IsNarrowed(parsed);
        var why =
            none.Traces > 0 ? $"{none.Traces} trace(s), none with an agent run: {none.Why}"
            : narrowed ? "holds no trace that the given options leave"
            : "holds no trace";
        if (count == 0)
            Console.Error.WriteLine($"replay-harness: {source.Text(parsed)}: {why}");
        return 0;
    }

    private static void Print(string source, IEnumerable<InspectedRun> runs)
    {
        string? first = null;
        foreach (var run in runs)
        {
            Print(run);
            if (!run.Shape.IsHealthy)
                first ??= run.Run.Trace.TraceId;
        }
        if (first is null)
            return;
        Hint.Next("tree", NextCommands.Quoted(source), "--trace", first);
        Hint.Test(source, $"--trace {first}");
    }

    private static void Print(InspectedRun run)
    {
        var cause = new RunView(run.Run).Cause();
        Console.Out.WriteLine(
            $"run {run.Run.Trace.TraceId}  "
                + $"{run.Outcome}{(run.Run.StopReason is { } reason ? $" ({reason})" : "")}  "
                + $"{run.Run.Trace.Spans.Count} spans, "
                + $"{run.Run.ModelCalls.Count()} model calls, {run.Run.ToolCalls.Count()} tool calls, "
                + $"{run.Run.ToolCalls.Count(c => c.Error is not null)} failed  [{run.Run.Dialect}]"
        );
        if (run.Run.Stitched is { } stitched)
            Console.Out.WriteLine($"  stitched from {stitched}");
        Console.Out.WriteLine(cause is { } c ? $"  cause: {SpanTree.DisplayName(c.Span)} ({c.Span.SpanId}): {c.Error}" : "  no error");
        foreach (var finding in run.Findings)
            Console.Out.WriteLine($"  {finding.Rule.Name} ({finding.Rule.Kind.ToString().ToLowerInvariant()}): {finding.Message}");
        Console.Out.Write($"  {run.Shape.ToString().Replace("\n", "\n  ", StringComparison.Ordinal)}\n\n");
    }
}
