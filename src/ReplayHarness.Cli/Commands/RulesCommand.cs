using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis;
using ReplayHarness.Shapes;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>What is looked for.</summary>
internal static class RulesCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("rules", "Every rule: those that find what a failure is, and those that give hypotheses.") { json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
                Write(Document(), CliJson.Relaxed.RulesDocument);
            else
                Print();
            return 0;
        });
        return command;
    }

    private static void Print()
    {
        Console.Out.WriteLine(Ink.Bold("findings: what a failure is (inspect, capture, run)"));
        foreach (var rule in RuleTable.All)
            Console.Out.WriteLine($"  {rule.Name, -22} {rule.Kind.ToString().ToLowerInvariant(), -12} {rule.Summary}");
        Console.Out.WriteLine(
            $"  {"deterministic-retry", -22} {"incident", -12} At least two attempts, and every one of them failed with the same shape."
        );
        Console.Out.WriteLine($"\n{Ink.Bold("hypotheses: why it may have failed (debug), what lies deepest first")}");
        foreach (var rule in DiagnosticRuleTable.All)
            Console.Out.WriteLine($"  {rule.Name, -24} {rule.Summary}");
    }

    private static RulesDocument Document() =>
        new(
            [.. RuleTable.All.Select(r => new FindingRuleRow(r.Name, r.Kind.ToString().ToLowerInvariant(), r.Summary))],
            [.. DiagnosticRuleTable.All.Select(r => new DiagnosticRuleRow(r.Name, r.Summary))]
        );
}
