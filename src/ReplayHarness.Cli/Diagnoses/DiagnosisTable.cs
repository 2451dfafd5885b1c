using System.Globalization;
using System.Text;
using ReplayHarness.Diagnosis;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>The snapshot table of several runs, Markdown that also reads well in a terminal.</summary>
internal static class DiagnosisTable
{
    private static readonly string[] s_heads = ["Run", "first_error_span", "slowest_span", "stop_reason", "Conclusion"];

    public static string Of(IReadOnlyList<RunDiagnosis> runs)
    {
        string[][] rows = [s_heads, .. runs.Select(Row)];
        var widths = s_heads.Select((_, i) => rows.Max(r => r[i].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select((cell, i) => cell.PadRight(widths[i]))).Append(" |\n");
            if (row == rows[0])
                text.Append('|').AppendJoin('|', widths.Select(w => new string('-', w + 2))).Append("|\n");
        }
        return text.ToString();
    }

    private static string[] Row(RunDiagnosis run) =>
        [
            .. new[]
            {
                DiagnosisText.Name(run),
                run.Signals.FirstErrorSpan?.Name ?? "—",
                Slowest(run.Signals.SlowestSpan),
                run.Signals.StopReason?.Value ?? "—",
                run.Conclusion,
            }.Select(Markdown.Text),
        ];

    private static string Slowest(SpanSignal slowest) =>
        string.Create(CultureInfo.InvariantCulture, $"{slowest.Name} ({slowest.Own.TotalSeconds:0.0}s)");
}
