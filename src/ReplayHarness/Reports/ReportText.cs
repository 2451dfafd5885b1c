using System.Globalization;
using System.Text;
using ReplayHarness.Judging;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Running;

namespace ReplayHarness.Reports;

/// <summary>A report for people.</summary>
public static class ReportText
{
    private const int MostReasons = 4;

    /// <summary>Verdict, each hypothesis with its schedules, and what was not controlled; lines ended by LF.</summary>
    public static string Of(ReplayReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Verdict.Text()}: {report.Sentence}\n\n");
        foreach (var hypothesis in report.Hypotheses)
            Append(text, hypothesis);
        var reasons = report.Hypotheses.SelectMany(h => h.Reasons).ToHashSet(StringComparer.Ordinal);
        foreach (var what in report.Uncontrolled.Where(u => !reasons.Contains($"uncontrolled: {u}")))
            text.Append(CultureInfo.InvariantCulture, $"not controlled: {what}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"virtual time {report.VirtualSeconds:0.0} s, log {report.LogHash}, seed {report.Seed}\n"
        );
        return text.ToString();
    }

    private static void Append(StringBuilder text, HypothesisVerdict verdict)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"{verdict.Name, -16} {verdict.Verdict.Text()}{(verdict.Counts ? "" : "  (does not count)")}\n"
        );
        // A fixture of another agent makes everything else doubtful: first.
        foreach (var stale in verdict.Drift.Where(IsStale))
            text.Append("  ").Append(stale).Append('\n');
        text.Append("  ").Append(verdict.Sentence).Append('\n');
        if (verdict.Imposed.Count > 0)
            Line(text, "imposed by the mock, no evidence about the agent", verdict.Imposed.Select(i => i.Rule).Distinct());
        foreach (var line in verdict.Explanation is { } explanation ? Explainer.Lines(explanation) : [])
            text.Append("  ").Append(line).Append('\n');
        if (verdict.Verdict == VerdictKind.Diverged)
            foreach (var line in verdict.Reasons.Skip(1))
                text.Append("  ").Append(line).Append('\n');
        else
            foreach (var reason in verdict.Reasons.Skip(1).Take(MostReasons))
                Line(text, "also", [reason]);
        if (verdict.Verdict != VerdictKind.Diverged && verdict.Reasons.Count > 1 + MostReasons)
            Line(text, "also", [string.Create(CultureInfo.InvariantCulture, $"{verdict.Reasons.Count - 1 - MostReasons} more")]);
        foreach (var drift in verdict.Drift.Where(d => !IsStale(d)))
            Line(text, "drift", [drift]);
        var schedules = verdict.Schedules;
        Line(
            text,
            $"{Schedules(schedules)}; shapes",
            verdict.Shapes.Count == 0 ? ["none"] : verdict.Shapes.Select(s => $"{s.Fingerprint} x {Sentences.Text(s.Count)}")
        );
        text.Append('\n');
    }

    private static bool IsStale(string drift) => drift.StartsWith(Conversation.Stale, StringComparison.Ordinal);

    /// <summary>How many schedules were seen, of which latency model, and what else is to be said of that.</summary>
    internal static string Schedules(ScheduleCount schedules) =>
        $"latency model {schedules.LatencyModel}; {Explored(schedules)}{(schedules.Note is null ? "" : $"; {schedules.Note}")}";

    private static string Explored(ScheduleCount schedules)
    {
        var exhaustive = schedules.Exhaustive ? ", exhaustive" : "";
        return schedules.Represented == schedules.Explored
            ? $"{Sentences.Plural(schedules.Explored)} explored{exhaustive}"
            : $"{Sentences.Plural(schedules.Represented)}{exhaustive}, from {Sentences.Text(schedules.Explored)} runs";
    }

    private static void Line(StringBuilder text, string name, IEnumerable<string> values) =>
        text.Append("  ").Append(name).Append(": ").AppendJoin(", ", values).Append('\n');
}
