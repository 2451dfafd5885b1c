using System.Text;
using ReplayHarness.Running.Together;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>A table of the tools that may run at once, and of those that may not.</summary>
internal static class ParallelText
{
    public static string Of(ParallelReport report)
    {
        var text = new StringBuilder();
        text.Append(Ink.Bold(OneLine.Of(report.Sentence))).Append('\n');
        if (report.Switches.Count > 0)
            text.Append($"switched: {string.Join(", ", report.Switches)}\n");
        var names = report.Pairs.Select(p => OneLine.Of($"{p.First} + {p.Second}")).ToArray();
        var width = names.Select(n => n.Length).DefaultIfEmpty().Max();
        foreach (var (pair, name) in report.Pairs.Zip(names))
        {
            text.Append($"  {name.PadRight(width)}  {Words(pair)}\n");
            foreach (var wrong in pair.Wrong)
                text.Append($"    {OneLine.Of(wrong)}\n");
            if (pair.When is not null)
                text.Append($"    when: {OneLine.Of(pair.When)}\n");
            foreach (var race in pair.Races)
                text.Append($"    race: {OneLine.Of(race)}\n");
        }
        foreach (var reason in report.Reasons)
            text.Append($"reason: {OneLine.Of(reason)}\n");
        foreach (var note in report.Notes)
            text.Append($"note: {OneLine.Of(note)}\n");
        return text.ToString();
    }

    private static string Words(ParallelPair pair) =>
        pair.Verdict switch
        {
            PairVerdict.Safe => $"safe in {ParallelPair.OrdersOf(pair.Orders!, pair.AllOrders)}",
            PairVerdict.Unknown => "unknown",
            _ => Ink.Bold(OneLine.Of(pair.Constraint!))
                + (pair.Shared.Count == 0 ? "" : $" (both use {OneLine.Of(string.Join(", ", pair.Shared))})"),
        };
}
