using ReplayHarness.Diagnosis;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>What <c>debug --table --json</c> prints.</summary>
internal sealed record DiagnosesDocument(IReadOnlyList<DiagnosisDocument> Runs);

/// <summary>What <c>debug --json</c> prints of a run.</summary>
internal sealed record DiagnosisDocument
{
    public required string Run { get; init; }

    public required string Mode { get; init; }

    public required string Outcome { get; init; }

    public required string Conclusion { get; init; }

    public required ContextDocument Context { get; init; }

    public required int Attempts { get; init; }

    public required DiagnosedShape Shape { get; init; }

    public required SignalsDocument Signals { get; init; }

    public required IReadOnlyList<string> Contradictions { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<HypothesisRow> Hypotheses { get; init; }

    public required string? Capture { get; init; }

    public required IReadOnlyList<string> Next { get; init; }

    public static DiagnosisDocument Of(RunDiagnosis run) =>
        new()
        {
            Run = DiagnosisText.Name(run),
            Mode = run.IsEvidence ? "evidence" : "hypothesis",
            Outcome = run.Outcome,
            Conclusion = run.Conclusion,
            Context = ContextDocument.Of(run.Context),
            Attempts = run.Incident.Attempts.Count,
            Shape = new(run.Incident.Shape.Fingerprint, [.. run.Incident.Shape.Identity.Select(i => i.ToString())]),
            Signals = SignalsDocument.Of(run.Signals),
            Contradictions = run.Contradictions,
            Notes = run.Notes,
            Hypotheses = [.. run.Hypotheses.Select(HypothesisRow.Of)],
            Capture = run.Capture,
            Next = [.. NextSteps.Of(run).Select(n => n.Command)],
        };
}

/// <summary>Whose run it is.</summary>
internal sealed record ContextDocument(
    string? RunId,
    string? RunIdKey,
    IReadOnlyList<string> TraceIds,
    string? Release,
    string? Workflow,
    string? Model,
    string? Environment
)
{
    public static ContextDocument Of(RunContext context) =>
        new(
            context.RunId?.Value,
            context.RunId?.Key,
            context.TraceIds,
            context.Release,
            context.Workflow,
            context.Model,
            context.Environment
        );
}

/// <summary>The shape of all attempts.</summary>
internal sealed record DiagnosedShape(string Fingerprint, IReadOnlyList<string> Identity);

/// <summary>Why it may have failed.</summary>
internal sealed record HypothesisRow(
    string Rule,
    string Claim,
    IReadOnlyList<string> Evidence,
    string Confidence,
    string State,
    string? Judged,
    string Next
)
{
    public static HypothesisRow Of(DiagnosticHypothesis h) =>
        new(h.Rule, h.Claim, h.Evidence, Words.Of(h.Confidence), Words.Of(h.State), h.Judged, h.Next);
}
