using System.Globalization;
using System.Text;
using ReplayHarness.Judging;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>Rows as a Markdown table: what is not as expected first.</summary>
internal static class FleetMarkdown
{
    private const int MostAsExpected = 100;

    /// <summary>The table, and a line that counts.</summary>
    public static string Of(IReadOnlyList<FleetRow> rows)
    {
        FleetRow[] wrong = [.. rows.Where(r => !r.AsExpected)],
            right = [.. rows.Where(r => r.AsExpected)];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{right.Length} of {rows.Count} as expected.\n\n");
        text.Append("| incident | agent | verdict | expected | why |\n|---|---|---|---|---|\n");
        foreach (var row in wrong.Concat(right.Take(MostAsExpected)))
            text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {Markdown.Text(row.Job.Incident)} | {Markdown.Text(row.Job.Agent)} | {row.Report?.Verdict.Text() ?? "error"} "
                )
                .Append(
                    CultureInfo.InvariantCulture,
                    $"| {row.Job.Expected?.Verdict.Text() ?? "-"} | {Markdown.Text(row.Report?.Sentence ?? row.Error ?? "")} |\n"
                );
        if (right.Length > MostAsExpected)
            text.Append(CultureInfo.InvariantCulture, $"\n{right.Length - MostAsExpected} more are as expected.\n");
        return text.ToString();
    }
}
