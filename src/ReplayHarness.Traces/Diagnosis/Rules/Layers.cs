using System.Globalization;
using ReplayHarness.Shapes;

namespace ReplayHarness.Diagnosis.Rules;

/// <summary>The tool layer is at fault.</summary>
internal sealed class DegradedTool : DiagnosticRule
{
    /// <summary>What counts as up where there is no baseline: one call in twenty.</summary>
    private const double UpWithoutBaseline = 0.05;

    public override string Name => "degraded-tool";

    public override string Summary =>
        "The first error is a tool's, no call of that tool answered, and the tool error rate over many runs is up (against "
        + "the baseline, else above 5%).";

    internal override string Phrase => "tool degraded";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (
            run.Signals.FirstErrorSpan is not { Kind: StepKind.Tool, Tool: { } tool, Error: { } error }
            || run.Signals.ToolErrorRate is not { IsOfMany: true } rate
        )
            return null;
        var calls = run.Input.Attempts.SelectMany(a => a.ToolCalls).Where(c => c.Name == tool).ToArray();
        // A sibling that answered shows that the tool works.
        if (calls.Any(c => c.Error is null) || rate.Value <= (run.Signals.BaselineToolErrorRate?.Value ?? UpWithoutBaseline))
            return null;
        var against = run.Signals.BaselineToolErrorRate is { } before
            ? string.Create(CultureInfo.InvariantCulture, $"the baseline's {before.Value:0.0%}")
            : "5%";
        return new(
            $"{tool} or what it calls is degraded.",
            [
                $"first_error_span is a call of {tool}: {error}",
                string.Create(CultureInfo.InvariantCulture, $"tool_error_rate is {rate.Value:0.0%}, above {against} ({rate.Origin})"),
                $"all {calls.Length} call(s) of {tool} in the run failed",
            ],
            new(["captured@tool"], ["unhandled-tool-error", "repeated-tool-calls", "handled-tool-error"])
        );
    }
}

/// <summary>The model is at fault.</summary>
internal sealed class ModelFailure : DiagnosticRule
{
    public override string Name => "model-failure";

    public override string Summary => "The first error is a model call's, and no attempt of its client answered.";

    internal override string Phrase => "model failure";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (run.Signals.FirstErrorSpan is not { Kind: StepKind.Model, Error: { } error } first || !run.Has("model-error"))
            return null;
        return new(
            "The model did not answer usefully, and the agent did not survive it.",
            [$"first_error_span is {first.Name}: {error}", .. run.Say("model-error"), .. run.Say("unhandled-model-error").Take(1)],
            new(["captured@tool"], ["model-error", "unhandled-model-error"])
        );
    }
}

/// <summary>The agent's own code is at fault.</summary>
internal sealed class AgentCodeFailure : DiagnosticRule
{
    public override string Name => "agent-code-failure";

    public override string Summary => "The run ended with an error that no call accounts for.";

    internal override string Phrase => "the agent's own code failed";

    internal override Suspicion? Find(DiagnosticCase run) =>
        !run.Has("agent-error") || run.StoppedByLimit
            ? null
            : new(
                Claim(run),
                [.. run.Say("agent-error"), .. run.InAttempts("agent-error"), .. run.Code("catch")],
                new(["captured@tool"], ["agent-error"])
            );

    // What has no span may be what failed.
    private static string Claim(DiagnosticCase run) =>
        PendingCalls.WithoutSpan(new RunView(run.Input.Attempts[^1])).FirstOrDefault() is { } tool
            ? $"The agent's own code failed, or {tool} did, which the model had asked for and of which the trace holds no call."
            : "The agent's own code failed after its calls had answered.";
}

/// <summary>Time is lost outside of tools.</summary>
internal sealed class LatencyOutsideTools : DiagnosticRule
{
    public override string Name => "latency-outside-tools";

    public override string Summary =>
        "run_latency_p95 is above the SLO, tool_latency_p95 is not, and the run's slowest span is no tool: the model or the "
        + "runtime is slow.";

    internal override string Phrase => "slow model or runtime";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (run.Signals is not { RunLatencyP95: { } latency, ToolLatencyP95: { } tool, SloLatency: { } slo, SlowestSpan: var slowest })
            return null;
        if (latency.Value <= slo.Value || tool.Value > slo.Value || slowest.Kind == StepKind.Tool)
            return null;
        return new(
            "The time is lost in the model or in the agent's own logic, not in tools.",
            [
                $"run_latency_p95 is {Text(latency)}, above the SLO of {Text(slo)} ({latency.Origin})",
                $"tool_latency_p95 is {Text(tool)}, within it",
                $"slowest_span is {slowest.Name}, {Durations.Text(slowest.Own)} of its own",
            ],
            null,
            run.Input.Commands.Tree(slowest.Span.TraceId)
        );
    }

    internal static string Text(Metrics.Measure seconds) => Durations.Text(seconds.Value);
}

/// <summary>Time is lost in a tool.</summary>
internal sealed class SlowTool : DiagnosticRule
{
    public override string Name => "slow-tool";

    public override string Summary => "run_latency_p95 is above the SLO, and the run's slowest span is a tool that did not fail.";

    internal override string Phrase => "slow tool";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (
            run.Signals
                is not { RunLatencyP95: { } latency, SloLatency: { } slo, SlowestSpan: { Kind: StepKind.Tool, Error: null } slowest }
            || latency.Value <= slo.Value
        )
            return null;
        if (run.Signals.FirstErrorSpan?.Tool == slowest.Tool)
            return null;
        return new(
            $"{slowest.Tool} is the bottleneck.",
            [
                $"run_latency_p95 is {LatencyOutsideTools.Text(latency)}, above the SLO of {LatencyOutsideTools.Text(slo)} "
                    + $"({latency.Origin})",
                $"slowest_span is {slowest.Name}, {Durations.Text(slowest.Own)} of its own",
            ],
            null,
            run.Input.Commands.Tree(slowest.Span.TraceId)
        );
    }
}
