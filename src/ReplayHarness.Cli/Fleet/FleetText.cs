using System.Globalization;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Shapes;

namespace ReplayHarness.Cli.Fleet;

/// <summary>Rows for a person at a terminal: for each incident what was captured, a table, and a sentence for each verdict.</summary>
internal static class FleetText
{
    private const string Legend =
        "(k/N: the failure showed in k of N schedules; all N orders of completion were explored; a verdict in parentheses does not count)";

    /// <summary>What was captured: the first attempt's tree, and the shape.</summary>
    public static string HeadingOf(FixtureFolder folder)
    {
        var fixture = folder.Fixture;
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"# {fixture.Incident}: {fixture.Attempts.Count} {(fixture.Attempts.Count == 1 ? "attempt" : "attempts")} "
        );
        text.Append(CultureInfo.InvariantCulture, $"captured{(fixture.Shape.Deterministic ? ", every one failed alike" : "")}\n\n");
        if (Source.Load(folder.Traces).FirstOrDefault(t => t.TraceId == fixture.Source.TraceIds[0]) is { } first)
            text.Append(SpanTree.Text(first)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"shape {fixture.Shape.Fingerprint}\n");
        foreach (var identity in fixture.Shape.Identity)
            text.Append(CultureInfo.InvariantCulture, $"  {identity}\n");
        return text.Append('\n').ToString();
    }

    /// <summary>The rows of one incident.</summary>
    public static string Of(IReadOnlyList<FleetRow> rows)
    {
        var text = new StringBuilder(rows.FirstOrDefault(r => r.Heading.Length > 0)?.Heading ?? $"# {rows[0].Job.Incident}\n\n");
        AppendTable(text, rows);
        text.Append('\n').Append(Legend).Append("\n\n");
        foreach (var row in rows)
            AppendSentences(text, row);
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, IReadOnlyList<FleetRow> rows)
    {
        string[] hypotheses = [.. rows.SelectMany(r => r.Report?.Hypotheses.Select(h => h.Name) ?? []).Distinct(StringComparer.Ordinal)];
        List<string[]> cells =
        [
            ["agent", .. hypotheses, "together", ""],
        ];
        foreach (var row in rows)
            cells.Add([row.Job.Agent, .. hypotheses.Select(h => Cell(row, h)), row.Report?.Verdict.Text() ?? "-", Outcome(row)]);
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(i => cells.Max(c => c[i].Length))];
        foreach (var line in cells)
            text.Append(string.Join("  ", line.Select((c, i) => c.PadRight(widths[i]))).TrimEnd()).Append('\n');
    }

    private static string Outcome(FleetRow row) =>
        row.IsStopped ? "not run"
        : row.Report is null ? "ERROR"
        : row.AsExpected ? "as expected"
        : $"NOT as expected ({row.Job.Expected!.Verdict.Text()})";

    private static string Cell(FleetRow row, string hypothesis)
    {
        if (row.Report?.Hypotheses.FirstOrDefault(h => h.Name == hypothesis) is not { } verdict)
            return "-";
        var cell = verdict.Schedules.Represented.IsZero
            ? verdict.Verdict.Text()
            : $"{verdict.Verdict.Text()} {verdict.Schedules.Failing}/{verdict.Schedules.Represented}";
        return verdict.Counts ? cell : $"({cell})";
    }

    private static void AppendSentences(StringBuilder text, FleetRow row)
    {
        if (row.Report is not { } report)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Job.Name}: {row.Error}\n\n");
            return;
        }
        text.Append(CultureInfo.InvariantCulture, $"{row.Job.Agent}: {report.Sentence}\n");
        foreach (var hypothesis in report.Hypotheses.Where(h => h.Counts))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {hypothesis.Name}: {hypothesis.Sentence}\n");
            if (hypothesis.Imposed.Count > 0)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"    imposed by the mock: {string.Join(", ", hypothesis.Imposed.Select(i => i.Rule).Distinct())}\n"
                );
        }
        foreach (var (hypothesis, verdict) in row.Job.Expected!.Hypotheses.Where(h => row.Actual(h.Key) != h.Value.Text()))
            text.Append(CultureInfo.InvariantCulture, $"  expected {verdict.Text()} under {hypothesis}, got {row.Actual(hypothesis)}\n");
        if (!row.AsExpected)
            text.Append(CultureInfo.InvariantCulture, $"  rerun: {report.Rerun}\n");
        text.Append('\n');
    }
}
