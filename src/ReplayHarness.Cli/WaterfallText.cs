using System.Globalization;
using System.Text;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>A waterfall for a terminal: a bar a span on one axis of time; the cause red, the unwind path yellow.</summary>
internal static class WaterfallText
{
    private const int Columns = 48,
        MaxName = 44;

    public static string Of(Trace trace, IReadOnlyCollection<Span>? within = null, string indent = "")
    {
        var rows = Waterfall.Of(trace, Columns, within);
        var width = Math.Min(MaxName, rows.Max(r => r.Name.Length));
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            if (row.Span is null)
            {
                text.Append(indent).Append(row.Name).Append('\n');
                continue;
            }
            var bar =
                new string(' ', row.Start)
                + Ink.Of(row.Mark, new string(row.HoldsOthers ? '░' : '█', row.Length))
                + new string(' ', Columns - row.Start - row.Length);
            var name = row.Name.Length > MaxName ? row.Name[..(MaxName - 1)] + "…" : row.Name.PadRight(width);
            text.Append(indent)
                .Append(Ink.Of(row.Mark, name))
                .Append("  ")
                .Append(Seconds(row.Span))
                .Append("  |")
                .Append(bar)
                .Append('|')
                .Append(Word(row.Mark))
                .Append('\n');
        }
        return text.ToString();
    }

    private static string Seconds(Span span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.Duration.TotalSeconds:0.00}s").PadLeft(8);

    // Said in words as well: not everybody sees colours.
    private static string Word(SpanMark mark) =>
        mark switch
        {
            SpanMark.Cause => "  <- cause",
            SpanMark.Unwind => "  unwind",
            SpanMark.Failed => "  failed",
            _ => "",
        };
}
