using ReplayHarness.Diagnosis.Readiness;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Documents;

/// <summary>What <c>inspect --json</c> prints.</summary>
internal sealed record InspectDocument(IReadOnlyList<InspectedRunRow> Runs);

/// <summary>A run and its failure shape.</summary>
internal sealed record InspectedRunRow
{
    public required IReadOnlyList<string> TraceIds { get; init; }

    public required string? Stitched { get; init; }

    public required int Spans { get; init; }

    public required int OrphanSpans { get; init; }

    public required int LlmCalls { get; init; }

    public required int ToolCalls { get; init; }

    public required int FailedToolCalls { get; init; }

    public required string Outcome { get; init; }

    public required string? StopReason { get; init; }

    public required RunCause? Cause { get; init; }

    public required IReadOnlyList<FindingRow> Findings { get; init; }

    public required ShapeText Shape { get; init; }

    public static InspectedRunRow Of(InspectedRun run)
    {
        var trace = run.Run.Trace;
        var cause = new RunView(run.Run).Cause();
        return new()
        {
            TraceIds = [.. run.Run.TraceIds],
            Stitched = run.Run.Stitched,
            Spans = trace.Spans.Count,
            OrphanSpans = trace.Orphans.Count,
            LlmCalls = run.Run.ModelCalls.Count(),
            ToolCalls = run.Run.ToolCalls.Count(),
            FailedToolCalls = run.Run.ToolCalls.Count(c => c.Error is not null),
            Outcome = run.Outcome,
            StopReason = run.Run.StopReason,
            Cause = cause is { } c ? new(c.Span.SpanId, c.Span.Name, c.Error.Type) : null,
            Findings = [.. run.Findings.Select(f => new FindingRow(f.Rule.Name, f.Message, [.. f.Evidence.Select(s => s.SpanId)]))],
            Shape = new(run.Shape.Fingerprint, run.Shape.ToString()),
        };
    }
}

/// <summary>The deepest span that failed and was no victim.</summary>
internal sealed record RunCause(string SpanId, string Name, string ErrorType);

/// <summary>A finding.</summary>
internal sealed record FindingRow(string Rule, string Message, IReadOnlyList<string> SpanIds);

/// <summary>A shape, for machine and reader.</summary>
internal sealed record ShapeText(string Fingerprint, string Text);

/// <summary>What <c>inspect --group --json</c> prints.</summary>
internal sealed record GroupsDocument(IReadOnlyList<GroupRow> Groups);

/// <summary>Runs of one shape.</summary>
internal sealed record GroupRow(
    string Fingerprint,
    int Count,
    int Failed,
    string FirstSeen,
    string LastSeen,
    IReadOnlyCollection<string> Releases,
    string TraceId,
    IReadOnlyList<string> Identity,
    string Text
);

/// <summary>What <c>releases --json</c> prints.</summary>
internal sealed record ReleasesDocument(
    string Release,
    int Runs,
    int Failed,
    string? Baseline,
    int BaselineRuns,
    int BaselineFailed,
    IReadOnlyList<ShapeInReleasesRow> Shapes
);

/// <summary>A shape in a release and in its baseline.</summary>
internal sealed record ShapeInReleasesRow(
    string Fingerprint,
    string Change,
    int Runs,
    int BaselineRuns,
    double PValue,
    string TraceId,
    IReadOnlyList<string> Identity
);

/// <summary>What <c>releases --shape --json</c> prints.</summary>
internal sealed record ShapeDocument(string Fingerprint, IReadOnlyList<ReleaseRow> Releases);

/// <summary>How often a shape shows in a release.</summary>
internal sealed record ReleaseRow(string Release, int Runs, int WithShape);

/// <summary>What <c>checklist --json</c> prints.</summary>
internal sealed record ChecklistDocument(int Done, IReadOnlyList<ChecklistRow> Items, IReadOnlyList<ReplayabilityRow> Replayability)
{
    public static ChecklistDocument Of(IReadOnlyList<ChecklistItem> items, IEnumerable<(AgentRun Run, Replayability Report)> replayable) =>
        new(
            items.Count(i => i.Holds),
            [.. items.Select(i => new ChecklistRow(i.Name, i.Holds, i.Found, i.Holds ? null : i.Fix))],
            [.. replayable.Select(r => ReplayabilityRow.Of(r.Run, r.Report))]
        );
}

/// <summary>One thing that an investigation needs.</summary>
internal sealed record ChecklistRow(string Name, bool Holds, string Found, string? Fix);

/// <summary>How far a trace can be replayed.</summary>
internal sealed record ReplayabilityRow(string TraceId, bool Full, IReadOnlyList<GapRow> Gaps, IReadOnlyList<string> Possible)
{
    public static ReplayabilityRow Of(AgentRun run, Replayability report) =>
        new(
            run.Trace.TraceId,
            report.Gaps.Count == 0,
            [.. report.Gaps.Select(g => new GapRow(g.What, g.Count, g.Consequence))],
            report.Possible
        );
}

/// <summary>What a trace lacks.</summary>
internal sealed record GapRow(string What, int Count, string Consequence);

/// <summary>What <c>rules --json</c> prints.</summary>
internal sealed record RulesDocument(IReadOnlyList<FindingRuleRow> Findings, IReadOnlyList<DiagnosticRuleRow> Hypotheses);

/// <summary>A rule that finds what a failure is.</summary>
internal sealed record FindingRuleRow(string Name, string Kind, string Summary);

/// <summary>A rule that gives a hypothesis.</summary>
internal sealed record DiagnosticRuleRow(string Name, string Summary);
