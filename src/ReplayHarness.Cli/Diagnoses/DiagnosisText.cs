using System.Text;
using ReplayHarness.Diagnosis;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>A diagnosis on one screen of a terminal.</summary>
internal static class DiagnosisText
{
    public static string Of(RunDiagnosis run)
    {
        var text = new StringBuilder();
        AddHead(text, run);
        AddSignals(text, run);
        var first = (run.Incident.Attempts.FirstOrDefault(a => !a.Shape.IsHealthy) ?? run.Incident.Attempts[0]).Run;
        text.Append('\n')
            .Append(
                Ink.Bold(
                    run.Incident.Attempts.Count > 1
                        ? $"waterfall of attempt {run.Incident.Attempts.ToList().FindIndex(a => a.Run == first) + 1}"
                        : "waterfall"
                )
            )
            .Append('\n');
        text.Append(WaterfallText.Of(first.Trace, first.Spans, "  "));
        AddLines(text, "contradictions between logs and spans (the spans are believed)", run.Contradictions);
        AddLines(text, "notes", run.Notes);
        AddHypotheses(text, run);
        return text.ToString();
    }

    /// <summary>The words that say what a diagnosis is worth.</summary>
    public static string Mode(RunDiagnosis run) =>
        run.IsEvidence ? "evidence mode: a replay has reproduced it" : "hypothesis mode: no replay has reproduced it yet";

    /// <summary>The name that people know the run by.</summary>
    public static string Name(RunDiagnosis run) => run.Context.RunId?.Value ?? run.Context.TraceIds[0];

    /// <summary>The segments that are known.</summary>
    public static IEnumerable<(string Name, string Value)> Context(RunDiagnosis run)
    {
        foreach (
            var (name, value) in new[]
            {
                ("workflow", run.Context.Workflow),
                ("release", run.Context.Release),
                ("model", run.Context.Model),
                ("environment", run.Context.Environment),
            }
        )
            if (value is not null)
                yield return (name, value);
    }

    private static void AddHead(StringBuilder text, RunDiagnosis run)
    {
        var count = run.Incident.Attempts.Count;
        text.Append(Ink.Bold($"run {OneLine.Of(Name(run))}"))
            .Append($"  {run.Outcome}{(count > 1 ? $", {count} attempts" : "")}  {Mode(run)}\n");
        text.Append("  ").AppendJoin("  ", Context(run).Select(c => $"{c.Name} {OneLine.Of(c.Value)}")).Append('\n');
        text.Append("  ")
            .Append(run.Context.TraceIds.Count == 1 ? "trace " : "traces ")
            .AppendJoin(", ", run.Context.TraceIds)
            .Append('\n');
        var shape = run.Incident.Shape;
        text.Append($"  shape {shape.Fingerprint}  {(shape.IsHealthy ? "nothing wrong" : string.Join(", ", shape.Identity))}\n");
        text.Append("  conclusion: ").Append(Ink.Bold(OneLine.Of(run.Conclusion))).Append('\n');
    }

    private static void AddSignals(StringBuilder text, RunDiagnosis run)
    {
        text.Append('\n').Append(Ink.Bold("signals")).Append('\n');
        foreach (var (name, value, origin) in SignalRows.Of(run.Signals))
            text.Append($"  {name, -21} {OneLine.Of(value)}")
                .Append(origin.Length == 0 ? "" : "  " + Ink.Faint($"[{origin}]"))
                .Append('\n');
    }

    private static void AddLines(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        text.Append('\n').Append(Ink.Bold(title)).Append('\n');
        foreach (var line in lines)
            text.Append("  ").Append(OneLine.Of(line)).Append('\n');
    }

    private static void AddHypotheses(StringBuilder text, RunDiagnosis run)
    {
        text.Append('\n').Append(Ink.Bold(run.Hypotheses.Count == 0 ? "hypotheses: none, no rule holds" : "hypotheses")).Append('\n');
        for (var i = 0; i < run.Hypotheses.Count; i++)
        {
            var h = run.Hypotheses[i];
            text.Append($"  {i + 1}. {OneLine.Of(h.Claim)}  {Ink.Faint($"[{h.Rule}, {Words.Of(h.Confidence)}, {Words.Of(h.State)}]")}\n");
            foreach (var evidence in h.Evidence)
                text.Append($"     - {OneLine.Of(evidence)}\n");
            if (h.Judged is not null)
                text.Append($"     = {OneLine.Of(h.Judged)}\n");
        }
        var next = NextSteps.Of(run).ToArray();
        if (next.Length > 0)
            text.Append('\n').Append(Ink.Bold("next")).Append('\n');
        foreach (var (number, command) in next)
            text.Append($"  {number} {OneLine.Of(command)}\n");
    }
}

/// <summary>Enumerations as words.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
