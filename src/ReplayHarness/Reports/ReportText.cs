using System.Globalization;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Reports;

/// <summary>A report for people.</summary>
public static class ReportText
{
    private const int MostReasons = 4;

    /// <summary>
    /// Verdict, each hypothesis with its schedules, what all of them held, what was not controlled,
    /// and what tells two runs apart; lines ended by LF.
    /// </summary>
    /// <param name="report">The report.</param>
    /// <param name="words">Says what to do in the words of whoever reads it; null leaves that out.</param>
    public static string Of(ReplayReport report, Func<Remedy, string>? words = null) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Verdicts(report, words, quotes: true)}virtual time {report.VirtualSeconds:0.0} s, log {report.LogHash}, seed {report.Seed}\n"
        );

    /// <summary>
    /// As <see cref="Of"/>, without virtual time and log hash: equal where nothing of the agent or the fixture changed, whatever the
    /// harness counts.
    /// </summary>
    /// <param name="report">The report.</param>
    /// <param name="words">Says what to do in the words of whoever reads it; null leaves that out.</param>
    public static string Verdicts(ReplayReport report, Func<Remedy, string>? words = null) => Verdicts(report, words, quotes: false);

    // Whether a source is at hand is a matter of the machine: no snapshot holds its lines.
    private static string Verdicts(ReplayReport report, Func<Remedy, string>? words, bool quotes)
    {
        var text = new StringBuilder();
        Add(text, $"{report.Verdict.Text()}: {report.Sentence}");
        text.Append('\n');
        foreach (var hypothesis in report.Hypotheses)
            Append(text, hypothesis, words, quotes);
        AppendTogether(text, report);
        return text.ToString();
    }

    /// <summary>The lines about one hypothesis that stand below its verdict, with those of the source where they are at hand.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="words">Says what to do in the words of whoever reads it.</param>
    internal static IReadOnlyList<string> Lines(HypothesisVerdict verdict, Func<Remedy, string> words)
    {
        var text = new StringBuilder();
        Append(text, verdict, words, quotes: true);
        return [.. text.ToString().Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => line[2..])];
    }

    /// <summary>The lines about all hypotheses together: what all schedules held, what was not controlled, notes.</summary>
    internal static IReadOnlyList<string> Together(ReplayReport report)
    {
        var text = new StringBuilder();
        AppendTogether(text, report);
        return [.. text.ToString().Split('\n').Where(line => line.Length > 0)];
    }

    private static void AppendTogether(StringBuilder text, ReplayReport report)
    {
        if (report.AllMeans is { } all)
            Add(text, $"all schedules: {all}");
        var reasons = report.Hypotheses.SelectMany(h => h.Reasons).ToHashSet(StringComparer.Ordinal);
        foreach (var what in report.Uncontrolled.Where(u => !reasons.Contains($"uncontrolled: {u}")))
            Add(text, $"not controlled: {what}");
        foreach (var what in report.Notes ?? [])
            Add(text, $"note: {what}");
    }

    private static void Append(StringBuilder text, HypothesisVerdict verdict, Func<Remedy, string>? words, bool quotes)
    {
        Add(text, $"{verdict.Name, -16} {verdict.Verdict.Text()}{(verdict.Counts ? "" : "  (does not count)")}");
        // A fixture of another agent makes everything else doubtful: first.
        foreach (var stale in verdict.Drift.Where(IsStale))
            Add(text, $"  {stale}");
        Add(text, $"  {verdict.Sentence}");
        if (verdict.Imposed.Count > 0)
            Line(text, "imposed by the mock, no evidence about the agent", verdict.Imposed.Select(i => i.Rule).Distinct());
        foreach (var departure in verdict.Departures)
            Line(text, "how it went on", [departure]);
        foreach (var line in verdict.Explanation is { } explanation ? Explainer.Lines(explanation) : [])
            Add(text, $"  {line}");
        foreach (var race in JudgedRace.Told(verdict.Races))
        {
            Line(text, "race", [race.ToString()]);
            foreach (var quote in quotes ? race.Quotes() : [])
                Add(text, $"    {quote}");
        }
        if (JudgedRace.More(verdict.Races) is { } more)
            Line(text, "race", [more]);
        AppendReasons(text, verdict);
        foreach (var remedy in words is null ? [] : verdict.Remedies)
            Line(text, "what to do", [words!(remedy)]);
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

    private static void AppendReasons(StringBuilder text, HypothesisVerdict verdict)
    {
        // The sentence has said the first.
        var others = verdict.Reasons.Skip(1);
        if (verdict.Verdict == VerdictKind.Diverged)
        {
            foreach (var line in others)
                Add(text, $"  {line}");
            return;
        }
        foreach (var reason in others.Take(MostReasons))
            Line(text, "also", [reason]);
        if (verdict.Reasons.Count > 1 + MostReasons)
            Line(text, "also", [string.Create(CultureInfo.InvariantCulture, $"{verdict.Reasons.Count - 1 - MostReasons} more")]);
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
        Add(text, $"  {name}: {string.Join(", ", values)}");

    private static void Add(StringBuilder text, string line) => text.Append(Line(line)).Append('\n');

    /// <summary>One line, whatever a trace or an agent put into it.</summary>
    internal static string Line(string line) => Unseen.Spelt(line);
}
