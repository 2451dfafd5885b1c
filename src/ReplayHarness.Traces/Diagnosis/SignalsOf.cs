using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Diagnosis.Logs;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Shapes;
using ReplayHarness.Shapes.Rules;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Diagnosis;

/// <summary>Reads the signals of a run.</summary>
internal static class SignalsOf
{
    private const int HashDigits = 12;

    public static RunSignals Run(DiagnosisInput input, RunContext context)
    {
        var first = FirstErrorOf(input.Attempts);
        var computed = ComputedMetrics.Of(input.Fleet, context, first?.Tool, input.BaselineFor(context));
        Measure? Pick(Func<MetricsSnapshot, double?> of) =>
            input.Metrics is { } given && of(given) is { } value ? new(value, given.Origin)
            : of(computed) is { } own ? Counted(own, computed)
            : null;
        return new RunSignals
        {
            FirstErrorSpan = first,
            SlowestSpan = input.Attempts.Select(Slowest).MaxBy(s => s.Own)!,
            StopReason = StopReasonOf(input),
            ErrorClasses = [.. ErrorClasses(input).Distinct()],
            RepeatedToolCalls = Repeated(input),
            RunLatencyP95 = Pick(m => m.RunLatencyP95),
            ToolLatencyP95 = Pick(m => m.ToolLatencyP95),
            SloLatency = input.SloSeconds is { } slo ? new(slo, "--slo-ms") : Pick(m => m.SloLatency),
            ToolErrorRate = Pick(m => m.ToolErrorRate),
            BaselineToolErrorRate = Pick(m => m.BaselineToolErrorRate),
            ErrorRate = Pick(m => m.ErrorRate),
            ErrorRates = input.Metrics?.ErrorRates is { Count: > 0 } rates ? rates : computed.ErrorRates,
            ErrorRatesOrigin = input.Metrics?.ErrorRates is { Count: > 0 } ? input.Metrics.Origin : ComputedMetrics.From(input.Fleet.Count),
            ReleaseDiff = DiffOf(input, context, computed),
            SyntheticRunStatus = input.Metrics?.SyntheticRunStatus is { } status ? new Told(status, input.Metrics.Origin) : null,
            HealthScore = Pick(m => m.HealthScore),
            Usage = Usage.Of(input.Attempts),
            Policies = [.. input.Logs.Records.Where(IsPolicy).Select(PolicyText).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>Where an error appeared first, in the first attempt that has any.</summary>
    public static SpanSignal? FirstErrorOf(IReadOnlyList<AgentRun> attempts) =>
        attempts.Select(FirstError).FirstOrDefault(s => s is not null);

    // Not a span above one that failed too, and not one that was cancelled because a sibling failed.
    private static SpanSignal? FirstError(AgentRun run)
    {
        var view = new RunView(run);
        var calls = run.ToolCalls.ToDictionary(c => c.Span.SpanId, StringComparer.Ordinal);
        bool Failed(Span span) => calls.TryGetValue(span.SpanId, out var call) ? call.Error is not null : Errors.Of(span) is not null;
        // An attempt that its client made good is no error of the run.
        var recovered = run
            .ModelCalls.Where(m => m.Error is null)
            .SelectMany(m => m.Attempts)
            .Select(s => s.SpanId)
            .ToHashSet(StringComparer.Ordinal);
        var first = run
            .Spans.Where(s => Failed(s) && !recovered.Contains(s.SpanId))
            .Where(s =>
                !(calls.TryGetValue(s.SpanId, out var call) && view.IsVictim(call))
                && !run.Trace.DescendantsOf(s).Any(d => Failed(d) && !recovered.Contains(d.SpanId))
            )
            .OrderBy(s => s.EndNanos)
            .ThenBy(s => s.StartNanos)
            .FirstOrDefault();
        return first is null ? null : SignalOf(run, first);
    }

    private static SpanSignal Slowest(AgentRun run) => SignalOf(run, run.Spans.MaxBy(s => OwnTime.Of(run.Trace, s))!);

    private static SpanSignal SignalOf(AgentRun run, Span span)
    {
        // A request within a call is the call's.
        var within = run.Trace.AncestorsOf(span).Select(a => a.SpanId).Prepend(span.SpanId).ToArray();
        var tool = within.Select(id => run.ToolCalls.FirstOrDefault(c => c.Span.SpanId == id)).FirstOrDefault(c => c is not null);
        var model = tool is null && within.Any(id => run.ModelCalls.Any(m => m.Attempts.Any(a => a.SpanId == id)));
        return new(
            span,
            SpanTree.DisplayName(span),
            tool is not null ? StepKind.Tool
                : model ? StepKind.Model
                : StepKind.Other,
            tool?.Name,
            OwnTime.Of(run.Trace, span),
            tool?.Span == span ? tool.Error ?? Errors.Of(span) : Errors.Of(span) ?? tool?.Error
        );
    }

    private static Told? StopReasonOf(DiagnosisInput input)
    {
        if (input.Logs.Records.LastOrDefault(r => r.Event == "run_finished")?.Attributes.Text(KnownNames.StopReason) is { } logged)
            return new(logged, "logs");
        return input.Attempts[^1].StopReason is { } traced ? new(traced, "spans") : null;
    }

    private static IEnumerable<Told> ErrorClasses(DiagnosisInput input)
    {
        foreach (var run in input.Attempts)
        {
            var view = new RunView(run);
            foreach (var call in view.Culprits)
                yield return new(view.ClassOf(call)!, "spans");
            if (run.Error is { } error)
                yield return new(ErrorClass.Of(error), "spans");
        }
        foreach (
            var text in input
                .Logs.Records.Where(r => r.Event != "run_retry")
                .Select(r => r.Attributes.Text(KnownNames.ErrorClass))
                .OfType<string>()
        )
            yield return new(text, "logs");
    }

    // A retry of the run repeats its calls: only those within one attempt count.
    private static RepeatedCall[] Repeated(DiagnosisInput input)
    {
        var logged = input.Logs.Records.Where(r => r is { Event: "tool_call", Tool: not null, ArgumentsKey: not null }).ToArray();
        if (logged.Length > 0)
        {
            var failures = input.Logs.Records.Where(r => r is { Event: "tool_result", IsError: true }).ToLookup(r => (r.TraceId, r.Tool));
            return
            [
                .. logged
                    .GroupBy(r => (r.TraceId, r.Tool, r.ArgumentsKey))
                    .Where(g => g.Count() > 1)
                    .Select(g => new RepeatedCall(
                        g.Key.Tool!,
                        Short(g.Key.ArgumentsKey!),
                        g.Count(),
                        Math.Min(g.Count(), failures[(g.Key.TraceId, g.Key.Tool)].Count()),
                        "logs"
                    )),
            ];
        }
        return
        [
            .. input.Attempts.SelectMany(a =>
                RepeatedToolCalls
                    .Groups(a.ToolCalls)
                    .Where(g => g.Count() > 1)
                    .Select(g => new RepeatedCall(
                        g.Key.Tool,
                        Hash(g.First().Arguments!),
                        g.Count(),
                        g.Count(c => c.Error is not null),
                        "spans"
                    ))
            ),
        ];
    }

    private static string Short(string key) => key.StartsWith('{') ? Hash(key) : key;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];

    // A metric of a release's change speaks of the newest release: of a run of an older one it says nothing.
    private static ReleaseDiff? DiffOf(DiagnosisInput input, RunContext context, MetricsSnapshot computed)
    {
        var baseline = input.BaselineFor(context);
        Measure? error = null,
            latency = null,
            repeated = null;
        double? p = null;
        var (runs, runsBefore) = (0, 0);
        if (input.Metrics is { ReleaseErrorRateDelta: { } delta } metrics && input.IsNewest(context))
            error = new(delta, metrics.Origin);
        if (input.Metrics is { ErrorRate: { } rate, BaselineErrorRate: { } before } both && error is null)
            error = new(rate - before, both.Origin);
        if (input.Metrics is { RunLatencyP95: { } now, BaselineRunLatencyP95: { } then } p95)
            latency = new(now - then, p95.Origin);
        if (baseline is not null)
        {
            var counts = ReleaseRuns.Of(input.Fleet, context, baseline);
            if (error is null)
                p = counts.PValue;
            error ??= computed.ReleaseErrorRateDelta is { } own ? Counted(own, computed) : null;
            latency ??= computed.RunLatencyP95 - computed.BaselineRunLatencyP95 is { } seconds ? Counted(seconds, counts, computed) : null;
            repeated = counts.RepeatedDelta is { } more ? Counted(more, counts, computed) : null;
            (runs, runsBefore) = (counts.Now.Length, counts.Before.Length);
        }
        return error is null && latency is null && repeated is null
            ? null
            : new(context.Release, baseline, error, latency, repeated, p, runs, runsBefore);
    }

    private static Measure Counted(double value, MetricsSnapshot computed) => new(value, computed.Origin, computed.Runs);

    private static Measure Counted(double value, ReleaseRuns runs, MetricsSnapshot computed) =>
        new(value, computed.Origin, Math.Min(runs.Now.Length, runs.Before.Length));

    private static bool IsPolicy(LogRecord record) =>
        record.Event?.Contains("policy", StringComparison.OrdinalIgnoreCase) == true
        || record.Event?.Contains("guardrail", StringComparison.OrdinalIgnoreCase) == true
        || record.Attributes.Has("policy")
        || record.Attributes.Has("policy_decision");

    private static string PolicyText(LogRecord record)
    {
        var decision = record.Attributes.Text("policy_decision") ?? record.Attributes.Text("decision") ?? record.Attributes.Text("action");
        var parts = new[]
        {
            record.Attributes.Text("policy") ?? record.Attributes.Text("policy_name") ?? record.Event,
            decision,
            record.Tool,
            record.Attributes.Text("reason") ?? (record.Message.Length > 0 ? record.Message : null),
        };
        return string.Join(", ", parts.OfType<string>().Distinct(StringComparer.Ordinal));
    }
}
