using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>A diagnosis for a machine.</summary>
internal static class DiagnosisDocument
{
    public static Dictionary<string, object?> ToJson(RunDiagnosis run) =>
        Map(
            ("run", DiagnosisText.Name(run)),
            ("mode", run.IsEvidence ? "evidence" : "hypothesis"),
            ("outcome", run.Failed ? "failed" : "ok"),
            ("conclusion", run.Conclusion),
            (
                "context",
                Map(
                    ("runId", run.Context.RunId?.Value),
                    ("runIdKey", run.Context.RunId?.Key),
                    ("traceIds", run.Context.TraceIds.ToArray()),
                    ("release", run.Context.Release),
                    ("workflow", run.Context.Workflow),
                    ("model", run.Context.Model),
                    ("environment", run.Context.Environment)
                )
            ),
            ("attempts", (long)run.Incident.Attempts.Count),
            (
                "shape",
                Map(
                    ("fingerprint", run.Incident.Shape.Fingerprint),
                    ("identity", run.Incident.Shape.Identity.Select(i => i.ToString()).ToArray())
                )
            ),
            ("signals", ToJson(run.Signals)),
            ("contradictions", run.Contradictions.ToArray()),
            ("notes", run.Notes.ToArray()),
            ("hypotheses", run.Hypotheses.Select(ToJson).ToArray()),
            ("capture", run.Capture),
            ("next", NextSteps.Of(run).Select(n => n.Command).ToArray())
        );

    private static Dictionary<string, object?> ToJson(RunSignals s) =>
        Map(
            ("first_error_span", ToJson(s.FirstErrorSpan)),
            ("slowest_span", ToJson(s.SlowestSpan)),
            ("stop_reason", ToJson(s.StopReason)),
            ("error_class", s.ErrorClasses.Select(c => ToJson(c)).ToArray()),
            (
                "repeated_tool_calls",
                s.RepeatedToolCalls.Select(r =>
                        Map(
                            ("tool", r.Tool),
                            ("argsHash", r.ArgumentsKey),
                            ("calls", (long)r.Calls),
                            ("failed", (long)r.Failed),
                            ("origin", r.Origin)
                        )
                    )
                    .ToArray()
            ),
            ("run_latency_p95", ToJson(s.RunLatencyP95)),
            ("tool_latency_p95", ToJson(s.ToolLatencyP95)),
            ("slo_latency", ToJson(s.SloLatency)),
            ("tool_error_rate", ToJson(s.ToolErrorRate)),
            ("error_rate", ToJson(s.ErrorRate)),
            (
                "error_rates",
                s.ErrorRates.Select(r => Map(("segment", r.Segment), ("value", r.Value), ("rate", r.Rate), ("origin", s.ErrorRatesOrigin)))
                    .ToArray()
            ),
            (
                "release_diff",
                s.ReleaseDiff is not { } d
                    ? null
                    : Map(
                        ("release", d.Release),
                        ("baseline", d.Baseline),
                        ("errorRate", ToJson(d.ErrorRate)),
                        ("runLatencyP95", ToJson(d.RunLatencyP95)),
                        ("repeatedToolCalls", ToJson(d.RepeatedCalls)),
                        ("pValue", d.PValue)
                    )
            ),
            ("synthetic_run_status", ToJson(s.SyntheticRunStatus)),
            ("health_score", ToJson(s.HealthScore)),
            ("usage", Map(("inputTokens", s.Usage.InputTokens), ("outputTokens", s.Usage.OutputTokens), ("cost", s.Usage.Cost))),
            ("policies", s.Policies.ToArray())
        );

    private static Dictionary<string, object?> ToJson(DiagnosticHypothesis h) =>
        Map(
            ("rule", h.Rule),
            ("claim", h.Claim),
            ("evidence", h.Evidence.ToArray()),
            ("confidence", Words.Of(h.Confidence)),
            ("state", Words.Of(h.State)),
            ("judged", h.Judged),
            ("next", h.Next)
        );

    private static Dictionary<string, object?>? ToJson(SpanSignal? span) =>
        span is null
            ? null
            : Map(
                ("spanId", span.Span.SpanId),
                ("traceId", span.Span.TraceId),
                ("name", span.Name),
                ("kind", Words.Of(span.Kind)),
                ("tool", span.Tool),
                ("ownSeconds", span.Own.TotalSeconds),
                ("error", span.Error?.ToString())
            );

    private static Dictionary<string, object?>? ToJson(Measure? measure) =>
        measure is not { } m ? null : Map(("value", m.Value), ("origin", m.Origin));

    private static Dictionary<string, object?>? ToJson(Told? told) =>
        told is not { } t ? null : Map(("value", t.Value), ("origin", t.Origin));
}
