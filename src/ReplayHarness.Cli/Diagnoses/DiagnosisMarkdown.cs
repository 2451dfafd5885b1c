using System.Text;
using ReplayHarness.Diagnosis;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>A diagnosis as Markdown, for an issue or a chat. What comes from the trace cannot break out of it.</summary>
internal static class DiagnosisMarkdown
{
    public static string Of(RunDiagnosis run)
    {
        var text = new StringBuilder();
        text.Append($"## Run {Markdown.Code(DiagnosisText.Name(run))}: {Markdown.Text(run.Conclusion)}\n\n*{DiagnosisText.Mode(run)}*\n\n");
        foreach (var (name, value) in DiagnosisText.Context(run))
            text.Append($"- {name}: {Markdown.Code(value)}\n");
        text.Append($"- traces: {string.Join(", ", run.Context.TraceIds.Select(Markdown.Code))}\n");
        text.Append($"- shape: {Markdown.Code(run.Incident.Shape.Fingerprint)}\n");
        text.Append("\n| signal | value | from |\n|---|---|---|\n");
        foreach (var (name, value, origin) in SignalRows.Of(run.Signals))
            text.Append($"| `{name}` | {Markdown.Text(value)} | {Markdown.Text(origin)} |\n");
        var first = (run.Incident.Attempts.FirstOrDefault(a => !a.Shape.IsHealthy) ?? run.Incident.Attempts[0]).Run;
        text.Append($"\n```text\n{Markdown.Fenced(SpanTree.Text(first.Trace))}```\n");
        AddLines(text, "Contradictions between logs and spans", run.Contradictions);
        AddLines(text, "Notes", run.Notes);
        text.Append("\n### Hypotheses\n\n");
        for (var i = 0; i < run.Hypotheses.Count; i++)
            AddHypothesis(text, i + 1, run.Hypotheses[i]);
        if (run.Hypotheses.Count == 0)
            text.Append("No rule holds.\n");
        string[] next = [.. NextSteps.Of(run).Select(n => n.Command)];
        if (next.Length > 0)
            text.Append($"\n### Next\n\n```sh\n{string.Join('\n', next)}\n```\n");
        return text.ToString();
    }

    private static void AddHypothesis(StringBuilder text, int number, DiagnosticHypothesis h)
    {
        text.Append($"{number}. **{Markdown.Text(h.Claim)}** ({Markdown.Code(h.Rule)}, {Words.Of(h.Confidence)}, {Words.Of(h.State)})\n");
        foreach (var evidence in h.Evidence)
            text.Append($"   - {Markdown.Text(evidence)}\n");
        if (h.Judged is not null)
            text.Append($"   - {Markdown.Text(h.Judged)}\n");
    }

    private static void AddLines(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        text.Append($"\n### {title}\n\n");
        foreach (var line in lines)
            text.Append($"- {Markdown.Text(line)}\n");
    }
}
