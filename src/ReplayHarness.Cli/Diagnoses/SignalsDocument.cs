using System.Text.Json.Serialization;
using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>The signals of a run. Their names are those of the snapshot, in snake case.</summary>
internal sealed record SignalsDocument
{
    [JsonPropertyName("first_error_span")]
    public required SpanSignalRow? FirstErrorSpan { get; init; }

    [JsonPropertyName("slowest_span")]
    public required SpanSignalRow? SlowestSpan { get; init; }

    [JsonPropertyName("stop_reason")]
    public required ToldRow? StopReason { get; init; }

    [JsonPropertyName("error_class")]
    public required IReadOnlyList<ToldRow?> ErrorClass { get; init; }

    [JsonPropertyName("repeated_tool_calls")]
    public required IReadOnlyList<RepeatedCallRow> RepeatedToolCalls { get; init; }

    [JsonPropertyName("run_latency_p95")]
    public required MeasureRow? RunLatencyP95 { get; init; }

    [JsonPropertyName("tool_latency_p95")]
    public required MeasureRow? ToolLatencyP95 { get; init; }

    [JsonPropertyName("slo_latency")]
    public required MeasureRow? SloLatency { get; init; }

    [JsonPropertyName("tool_error_rate")]
    public required MeasureRow? ToolErrorRate { get; init; }

    [JsonPropertyName("error_rate")]
    public required MeasureRow? ErrorRate { get; init; }

    [JsonPropertyName("error_rates")]
    public required IReadOnlyList<ErrorRateRow> ErrorRates { get; init; }

    [JsonPropertyName("release_diff")]
    public required ReleaseDiffRow? ReleaseDiff { get; init; }

    [JsonPropertyName("synthetic_run_status")]
    public required ToldRow? SyntheticRunStatus { get; init; }

    [JsonPropertyName("health_score")]
    public required MeasureRow? HealthScore { get; init; }

    public required Usage Usage { get; init; }

    public required IReadOnlyList<string> Policies { get; init; }

    public static SignalsDocument Of(RunSignals s) =>
        new()
        {
            FirstErrorSpan = SpanSignalRow.Of(s.FirstErrorSpan),
            SlowestSpan = SpanSignalRow.Of(s.SlowestSpan),
            StopReason = ToldRow.Of(s.StopReason),
            ErrorClass = [.. s.ErrorClasses.Select(c => ToldRow.Of(c))],
            RepeatedToolCalls =
            [
                .. s.RepeatedToolCalls.Select(r => new RepeatedCallRow(r.Tool, r.ArgumentsKey, r.Calls, r.Failed, r.Origin)),
            ],
            RunLatencyP95 = MeasureRow.Of(s.RunLatencyP95),
            ToolLatencyP95 = MeasureRow.Of(s.ToolLatencyP95),
            SloLatency = MeasureRow.Of(s.SloLatency),
            ToolErrorRate = MeasureRow.Of(s.ToolErrorRate),
            ErrorRate = MeasureRow.Of(s.ErrorRate),
            ErrorRates = [.. s.ErrorRates.Select(r => new ErrorRateRow(r.Segment, r.Value, r.Rate, s.ErrorRatesOrigin))],
            ReleaseDiff = ReleaseDiffRow.Of(s.ReleaseDiff),
            SyntheticRunStatus = ToldRow.Of(s.SyntheticRunStatus),
            HealthScore = MeasureRow.Of(s.HealthScore),
            Usage = s.Usage,
            Policies = s.Policies,
        };
}

/// <summary>A span that stands out.</summary>
internal sealed record SpanSignalRow(
    string SpanId,
    string TraceId,
    string Name,
    string Kind,
    string? Tool,
    double OwnSeconds,
    string? Error
)
{
    public static SpanSignalRow? Of(SpanSignal? span) =>
        span is null
            ? null
            : new(
                span.Span.SpanId,
                span.Span.TraceId,
                span.Name,
                Words.Of(span.Kind),
                span.Tool,
                span.Own.TotalSeconds,
                span.Error?.ToString()
            );
}

/// <summary>A number, and where it comes from.</summary>
internal sealed record MeasureRow(double Value, string Origin)
{
    public static MeasureRow? Of(Measure? measure) => measure is { } m ? new(m.Value, m.Origin) : null;
}

/// <summary>A word, and where it comes from.</summary>
internal sealed record ToldRow(string Value, string Origin)
{
    public static ToldRow? Of(Told? told) => told is { } t ? new(t.Value, t.Origin) : null;
}

/// <summary>A call that was made more than once.</summary>
internal sealed record RepeatedCallRow(string Tool, string ArgsHash, int Calls, int Failed, string Origin);

/// <summary>How often runs of a segment fail.</summary>
internal sealed record ErrorRateRow(string Segment, string Value, double Rate, string Origin);

/// <summary>What changed with the release.</summary>
internal sealed record ReleaseDiffRow(
    string? Release,
    string? Baseline,
    MeasureRow? ErrorRate,
    MeasureRow? RunLatencyP95,
    MeasureRow? RepeatedToolCalls,
    double? PValue
)
{
    public static ReleaseDiffRow? Of(ReleaseDiff? d) =>
        d is null
            ? null
            : new(
                d.Release,
                d.Baseline,
                MeasureRow.Of(d.ErrorRate),
                MeasureRow.Of(d.RunLatencyP95),
                MeasureRow.Of(d.RepeatedCalls),
                d.PValue
            );
}
