using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>Question 5: which lines of source does the trace point at?</summary>
internal static class BridgeCommand
{
    public static Command Create()
    {
        var source = new Source();
        var selection = new Selection();
        var code = new Option<string>("--code") { Description = "The root of the agent's source.", Required = true };
        var command = new Command("bridge", "Source lines that hold the timeout constant, the tool, the catch clauses around it.")
        {
            code,
        };
        selection.AddTo(command);
        source.AddTo(command);
        command.SetAction(parsed => Run(source, selection.Load(source, parsed).Traces, parsed.GetRequiredValue(code), parsed));
        return command;
    }

    // Of several attempts the first that holds a run: the same code failed in all.
    private static int Run(Source source, IReadOnlyList<Trace> traces, string code, ParseResult parsed)
    {
        var runs = AgentRuns.Read(traces);
        if (runs.Count == 0)
            throw new BadInputException($"{source.Text(parsed)}: trace {traces[0].TraceId} holds no agent run: {NoRun.Of(traces)}");
        var hits = CodeBridge.Search(runs[0], code);
        if (parsed.GetValue(source.Json))
        {
            Write(new([.. hits.Select(h => new BridgeLine(h.Why, h.File, h.Line, h.Text))]), CliJson.Relaxed.BridgeDocument);
            return 0;
        }
        foreach (var finding in InspectedRun.Of(runs[0]).Findings.Where(f => f.Rule.Name == "timeout-constant"))
            Console.Out.WriteLine(finding.Message);
        foreach (var group in hits.GroupBy(h => h.Why))
        {
            Console.Out.WriteLine($"\n{Title(group.Key)}");
            foreach (var hit in group)
                Console.Out.WriteLine($"  {hit.File}:{hit.Line}: {hit.Text}");
        }
        if (hits.Count == 0)
            Console.Out.WriteLine($"nothing in {code} names the failing tool or holds the time-out's value");
        return 0;
    }

    private static string Title(string why) =>
        why switch
        {
            "constant" => "lines that hold the time-out",
            "tool" => "lines that name the failing tool",
            _ => "catch clauses around it",
        };
}
