using ReplayHarness.Shapes;

namespace ReplayHarness.Diagnosis;

/// <summary>What is known of one run, and why it may have failed.</summary>
public sealed record RunDiagnosis
{
    /// <summary>The segments of the run.</summary>
    internal RunContext Context { get; init; } = null!;

    /// <summary>Its attempts and their shapes.</summary>
    public required Incident Incident { get; init; }

    /// <summary>Its signals.</summary>
    internal RunSignals Signals { get; init; } = null!;

    /// <summary>Hypotheses, what lies deepest first.</summary>
    public required IReadOnlyList<DiagnosticHypothesis> Hypotheses { get; init; }

    /// <summary>The command that captures a fixture of the run, or null where there is one.</summary>
    public required string? Capture { get; init; }

    /// <summary>One line: the first hypothesis, qualified by the others.</summary>
    public required string Conclusion { get; init; }

    /// <summary>Where logs and spans disagree.</summary>
    public required IReadOnlyList<string> Contradictions { get; init; }

    /// <summary>What looks like a cause and is none, and what is missing.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>True once a replay has reproduced the run's failure; until then everything here is hypothesis.</summary>
    public required bool IsEvidence { get; init; }

    /// <summary>Whether any attempt ended with an error.</summary>
    public bool Failed => Incident.Attempts.Any(a => a.Run.Failed);

    /// <summary>How it ended: <c>failed</c> where any attempt did, <c>unfinished</c> where the last has no end, else <c>ok</c>.</summary>
    internal string Outcome => Failed ? "failed" : Incident.Attempts[^1].Outcome;

    /// <summary>Diagnoses a run.</summary>
    public static RunDiagnosis Of(DiagnosisInput input)
    {
        var run = new DiagnosticCase(input);
        (DiagnosticRule Rule, Suspicion Suspicion)[] found =
        [
            .. DiagnosticRuleTable.All.Select(r => (r, r.Find(run)!)).Where(f => f.Item2 is not null),
        ];
        var judge = new ReplayJudge(input.Replays, run.Incident.Shape.Fingerprint);
        return new RunDiagnosis
        {
            Context = run.Context,
            Incident = run.Incident,
            Signals = run.Signals,
            Hypotheses = [.. found.Select(f => HypothesisOf(f.Rule, f.Suspicion, input.Commands, judge))],
            Capture = input.Commands.Capture,
            Conclusion = Conclude([.. found.Select(f => f.Rule)], run),
            Contradictions = run.Contradictions,
            Notes = [.. NotesOf(run)],
            IsEvidence = judge.HasReproduced,
        };
    }

    private static DiagnosticHypothesis HypothesisOf(DiagnosticRule rule, Suspicion found, NextCommands commands, ReplayJudge judge)
    {
        var confidence = (Confidence)Math.Min((int)rule.AtMost, Math.Min(found.Evidence.Count, (int)Confidence.Strong + 1) - 1);
        var (state, judged) = found.Plan is null ? (HypothesisState.Open, null) : judge.Judge(found.Plan);
        return new(rule.Name, found.Claim, found.Evidence, confidence, found.Next ?? commands.Run(found.Plan!), state, judged);
    }

    private static string Conclude(DiagnosticRule[] rules, DiagnosticCase run)
    {
        if (rules.Length == 0)
            return run.Incident.Shape.IsHealthy ? "nothing wrong" : "no rule explains it";
        return string.Join(' ', rules.Skip(1).Select(r => r.Qualifier(run)).OfType<string>().Prepend(rules[0].Phrase));
    }

    private static IEnumerable<string> NotesOf(DiagnosticCase run)
    {
        string[] rules = ["cancelled-sibling", "noise-error", "handled-tool-error", "inner-error", "outliving-call", "missing-root"];
        foreach (var rule in rules)
        foreach (var message in run.Say(rule))
            yield return rule is "cancelled-sibling" ? $"{message}: a victim, not the cause" : message;
        foreach (var mistake in run.Input.Metrics?.Mistakes ?? [])
            yield return $"metrics carry the label {mistake}: each value is a series of its own. Keep it in spans and logs, and drop it "
                + $"from metrics";
    }
}
