using System.Globalization;
using System.Text;
using ReplayHarness.Judging;
using ReplayHarness.Traces;

namespace ReplayHarness.Evidence;

/// <summary>Evidence and incidents for people.</summary>
internal static class EvidenceText
{
    /// <summary><c>evidence.md</c>; lines ended by LF.</summary>
    public static string Of(EvidenceFile evidence)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"# {Markdown.Text(evidence.Incident)}: {(evidence.Fixed ?? evidence.Broken).Verdict.Text()}\n\n"
        );
        text.Append(CultureInfo.InvariantCulture, $"{Markdown.Text(evidence.Fixed?.Sentence ?? evidence.Broken.Sentence)}\n\n");
        if (evidence.Outside is { } reason)
            text.Append(CultureInfo.InvariantCulture, $"Closed by decision: {Markdown.Text(reason)}\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Captured shape `{evidence.Shape}`, fixture `{evidence.FixtureHash[..ShownOfAHash]}`, harness {evidence.Harness}"
        );
        if (evidence.Commit is { } commit)
            text.Append(CultureInfo.InvariantCulture, $", commit `{commit}`{(evidence.Date is null ? "" : $" of {evidence.Date}")}");
        text.Append(".\n");
        Append(text, "As it failed", evidence.Broken);
        if (evidence.Fixed is { } mended)
            Append(text, "Mended", mended);
        if (evidence.Hunks is { } hunks)
            Append(text, hunks);
        return text.ToString();
    }

    private const int ShownOfAHash = 12;

    private static void Append(StringBuilder text, string title, AgentEvidence agent)
    {
        var reference = agent.Ref is null ? "" : $" at {agent.Ref}";
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n## {title}: {Markdown.Text($"{agent.Driver ?? agent.Assembly}{reference}")}, {agent.Verdict.Text()}\n\n"
        );
        text.Append(
            "| hypothesis | verdict | failing | schedules | gone | remaining | imposed by the mock |\n|---|---|---|---|---|---|---|\n"
        );
        foreach (var h in agent.Hypotheses)
            text.Append("| ").AppendJoin(" | ", Cells(h)).Append(" |\n");
        foreach (var h in agent.Hypotheses)
        foreach (var race in JudgedRace.Lines(h.Races))
            text.Append(CultureInfo.InvariantCulture, $"\nRace under {h.Name}: {Markdown.Text(race)}.\n");
        if (agent.AllMeans is { } all)
            text.Append(CultureInfo.InvariantCulture, $"\nAll schedules: {all}.\n");
        var control =
            agent.Uncontrolled.Count == 0
                ? "Everything was controlled."
                : $"Not controlled: {Markdown.Text(string.Join("; ", agent.Uncontrolled))}.";
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nAgent `{agent.AgentHash[..ShownOfAHash]}`, log `{agent.LogHash}`. {control}\n\n```sh\n{Markdown.Fenced(agent.Rerun)}\n```\n"
        );
    }

    private static IEnumerable<string> Cells(HypothesisVerdict verdict)
    {
        var schedules = verdict.Schedules;
        var runs = schedules.Represented == schedules.Explored ? "" : FormattableString.Invariant($" from {schedules.Explored} runs");
        return
        [
            $"{verdict.Name}{(verdict.Counts ? "" : " (does not count)")}",
            verdict.Verdict.Text(),
            $"{schedules.Failing}",
            $"{schedules.Represented}{(schedules.Exhaustive ? ", all" : "")}{runs}",
            Cell(verdict.Removed),
            Cell(verdict.Remaining),
            Cell(verdict.Imposed),
        ];
    }

    private static void Append(StringBuilder text, IReadOnlyList<HunkEvidence> hunks)
    {
        text.Append("\n## Each hunk of the fix, reverted alone\n\n| hunk | changes | without it | |\n|---|---|---|---|\n");
        foreach (var hunk in hunks.Where(h => h.Result != HunkResult.NoCode))
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {Markdown.CodeCell(hunk.Place)} | {Markdown.CodeCell(hunk.Changed)} | " + $"{hunk.Without} | {Text(hunk.Result)} |\n"
            );
        if (hunks.Count(h => h.Result == HunkResult.NoCode) is > 0 and var rest)
            text.Append(CultureInfo.InvariantCulture, $"\n{rest} more change nothing that the agent's code does.\n");
    }

    /// <summary>A result in words: <c>not noticed</c>.</summary>
    public static string Text(this HunkResult result) =>
        result switch
        {
            HunkResult.Noticed => "noticed",
            HunkResult.NotNoticed => "not noticed",
            HunkResult.NotAlone => "not alone",
            _ => "no code",
        };

    /// <summary>A table of incidents: aligned, or as Markdown for a pull request.</summary>
    public static string Table(IReadOnlyList<IncidentStatus> incidents, bool markdown)
    {
        List<string[]> rows =
        [
            ["incident", "state", "verified", "why"],
            .. incidents.Select(Row),
        ];
        if (markdown)
            return string.Concat(
                rows.Select((r, i) => $"| {string.Join(" | ", r.Select(Markdown.Text))} " + $"|\n{(i == 0 ? "|---|---|---|---|\n" : "")}")
            );
        // Evidence may come from anywhere.
        rows = rows.ConvertAll(r => Array.ConvertAll(r, Unseen.Spelt));
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length)).ToArray();
        return string.Concat(rows.Select(r => string.Join("  ", r.Select((c, i) => c.PadRight(widths[i]))).TrimEnd() + "\n"));
    }

    /// <summary>A state in words: <c>symptom removed</c>.</summary>
    public static string Text(this IncidentState state) =>
        state switch
        {
            IncidentState.SymptomRemoved => "symptom removed",
            IncidentState.CauseRemoved => "cause removed",
            IncidentState.NotRemoved => "not removed",
            _ => state.ToString().ToLowerInvariant(),
        };

    private static string[] Row(IncidentStatus status) =>
        [
            status.Incident,
            status.State.Text(),
            status.Evidence is { } e ? e.Fixed?.Driver ?? e.Broken.Driver ?? e.Broken.Assembly : "",
            status.Reason,
        ];

    private static string Cell(IReadOnlyList<JudgedFinding> findings) =>
        string.Join(", ", findings.Select(f => Markdown.CodeCell(f.Identity.ToString())));
}
