using System.Globalization;
using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Shapes;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>The signals of a run as rows for people: name, value, where it is from.</summary>
internal static class SignalRows
{
    public static IEnumerable<(string Name, string Value, string Origin)> Of(RunSignals s) => [.. OfRun(s), .. OfFleet(s), .. OfLogs(s)];

    private static IEnumerable<(string Name, string Value, string Origin)> OfRun(RunSignals s)
    {
        yield return (
            "first_error_span",
            s.FirstErrorSpan is { } error ? $"{error.Name} ({error.Span.SpanId}): {error.Error}" : "none",
            "spans"
        );
        yield return (
            "slowest_span",
            $"{s.SlowestSpan.Name} ({s.SlowestSpan.Span.SpanId}): {Durations.Text(s.SlowestSpan.Own)} of its own",
            "spans"
        );
        yield return ("stop_reason", s.StopReason?.Value ?? "not recorded", s.StopReason?.Origin ?? "");
        yield return (
            "error_class",
            s.ErrorClasses.Count == 0 ? "none" : string.Join(", ", s.ErrorClasses.Select(c => c.Value).Distinct(StringComparer.Ordinal)),
            string.Join(", ", s.ErrorClasses.Select(c => c.Origin).Distinct(StringComparer.Ordinal))
        );
        yield return (
            "repeated_tool_calls",
            s.RepeatedToolCalls.Count == 0
                ? "none within an attempt"
                : string.Join(", ", s.RepeatedToolCalls.Select(r => $"{r.Tool} x{r.Calls} ({r.ArgumentsKey})")),
            s.RepeatedToolCalls is [var repeated, ..] ? repeated.Origin : ""
        );
    }

    private static IEnumerable<(string Name, string Value, string Origin)> OfFleet(RunSignals s)
    {
        yield return (
            "run_latency_p95",
            s.RunLatencyP95 is { } p95 ? Seconds(p95) + AgainstSlo(p95, s.SloLatency) : "not known",
            s.RunLatencyP95?.Origin ?? ""
        );
        yield return ("tool_latency_p95", s.ToolLatencyP95 is { } tool ? Seconds(tool) : "not known", s.ToolLatencyP95?.Origin ?? "");
        yield return ("tool_error_rate", s.ToolErrorRate is { } rate ? Percent(rate.Value) : "not known", s.ToolErrorRate?.Origin ?? "");
        yield return ("error_rate", s.ErrorRate is { } errors ? Percent(errors.Value) : "not known", s.ErrorRate?.Origin ?? "");
        yield return (
            "error_rate by",
            s.ErrorRates.Count == 0 ? "not known" : string.Join(", ", s.ErrorRates.Select(r => $"{r.Segment} {r.Value} {Percent(r.Rate)}")),
            s.ErrorRates.Count == 0 ? "" : s.ErrorRatesOrigin
        );
        yield return (
            "release_diff",
            s.ReleaseDiff is { } diff ? Text(diff) : "no release to compare with",
            s.ReleaseDiff?.ErrorRate?.Origin ?? ""
        );
        yield return ("synthetic_run_status", s.SyntheticRunStatus?.Value ?? "not known", s.SyntheticRunStatus?.Origin ?? "");
        yield return (
            "health_score",
            s.HealthScore is { } health ? health.Value.ToString("0.##", CultureInfo.InvariantCulture) : "not known",
            s.HealthScore?.Origin ?? ""
        );
    }

    private static IEnumerable<(string Name, string Value, string Origin)> OfLogs(RunSignals s)
    {
        yield return ("tokens", Text(s.Usage), s.Usage.InputTokens is null ? "" : "spans");
        yield return ("policy", s.Policies.Count == 0 ? "none logged" : string.Join("; ", s.Policies), s.Policies.Count == 0 ? "" : "logs");
    }

    private static string Text(ReleaseDiff diff)
    {
        List<string> parts = [];
        if (diff.ErrorRate is { } rate)
            parts.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"error rate {rate.Value * 100:+0.0;-0.0;0.0} points{(diff.PValue is { } p ? $" (p = {p:0.00})" : "")}"
                )
            );
        if (diff.RunLatencyP95 is { } latency)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"p95 {latency.Value:+0.00;-0.00;0.00} s"));
        if (diff.RepeatedCalls is { } repeated)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"repeated calls {repeated.Value:+0.0;-0.0;0.0} a run"));
        var counted =
            diff.Runs > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({diff.Runs} and {diff.BaselineRuns} runs of the traces)") : "";
        return $"{string.Join(", ", parts)}{(diff.Baseline is null ? "" : $", against {diff.Baseline}{counted}")}";
    }

    private static string Text(Usage usage)
    {
        if (usage is { InputTokens: null, OutputTokens: null, Cost: null })
            return "not recorded";
        var cost = usage.Cost is { } c ? string.Create(CultureInfo.InvariantCulture, $", cost {c:0.######}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{usage.InputTokens ?? 0} in, {usage.OutputTokens ?? 0} out{cost}");
    }

    private static string AgainstSlo(Measure p95, Measure? slo) =>
        slo is not { } promised ? "" : $", {(p95.Value > promised.Value ? "above" : "within")} the SLO of {Seconds(promised)}";

    private static string Seconds(Measure measure) => Durations.Text(measure.Value);

    private static string Percent(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.0}%");
}
