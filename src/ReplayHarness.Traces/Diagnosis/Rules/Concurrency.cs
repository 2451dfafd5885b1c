using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Rules;

/// <summary>Parallel calls that disturb each other.</summary>
internal sealed class Contention : DiagnosticRule
{
    public override string Name => "contention";

    public override string Summary =>
        "Of sibling calls of one tool one answered and another hung: they share state that does not stand two calls at once.";

    internal override string Phrase => "contention between siblings";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (run.Findings("sibling-mismatch") is not [var finding, ..])
            return null;
        string[] evidence =
        [
            .. run.Say("sibling-mismatch"),
            .. run.Say("timeout-constant"),
            .. run.InAttempts("sibling-mismatch"),
            .. Alone(run, finding.Role),
            .. run.Code("constant"),
        ];
        return new(
            $"Parallel calls of {finding.Role} share state that does not stand two at once (a connection, a client, a session).",
            evidence,
            new(["healthy@http", "contention@tool"], ["sibling-mismatch", "overlapping-siblings", "timeout-constant"])
        );
    }

    // The very call that hung, made alone.
    private static IEnumerable<string> Alone(DiagnosticCase run, string tool)
    {
        var hung = run
            .Input.Attempts.SelectMany(a => a.ToolCalls)
            .Where(c => c.Name == tool && c.Error is not null)
            .Select(c => Json.Canonical(c.Arguments))
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var call in run
                .Input.Healthy.SelectMany(h => h.ToolCalls)
                .Where(c => c.Name == tool && c.Error is null && hung.Contains(Json.Canonical(c.Arguments)))
                .Take(1)
        )
            yield return $"the call that hung, made alone, answered in {Durations.Text(call.Span.Duration)} (trace {call.Span.TraceId})";
    }
}

/// <summary>A call that hung by itself.</summary>
internal sealed class HungCall : DiagnosticRule
{
    public override string Name => "hung-call";

    public override string Summary => "A call lasted a configured time-out, and no sibling disturbed it.";

    internal override string Phrase => "a call hung until its time-out";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (run.Has("sibling-mismatch") || run.Findings("timeout-constant") is not [var finding, ..])
            return null;
        return new(
            $"{finding.Role} did not answer, and a configured time-out ended it.",
            [.. run.Say("timeout-constant"), .. run.InAttempts("timeout-constant"), .. run.Code("constant")],
            new(["captured@tool"], ["timeout-constant", "unhandled-tool-error", "lost-sibling-result"])
        );
    }
}

/// <summary>One tool's error ends the run.</summary>
internal sealed class ErrorNotSurvived : DiagnosticRule
{
    public override string Name => "tool-error-not-survived";

    public override string Summary => "A tool call failed, and its error ended the run instead of reaching the model.";

    internal override string Phrase => "a tool error was not survived";

    // An agent that tried again did deal with the error, if in vain.
    internal override string? Qualifier(DiagnosticCase run) =>
        run.Signals.RepeatedToolCalls.Any(r => r.Failed > 0) ? null : "+ error not survived";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (run.Findings("unhandled-tool-error") is not [var finding, ..])
            return null;
        return new(
            $"The agent does not survive an error of {finding.Role}: it ends the run instead of being told to the model.",
            [
                .. run.Say("unhandled-tool-error"),
                .. run.Say("lost-sibling-result"),
                .. run.InAttempts("unhandled-tool-error"),
                .. run.Code("catch"),
            ],
            new(["captured@tool"], ["unhandled-tool-error", "lost-sibling-result"])
        );
    }
}

/// <summary>Retries that cannot help.</summary>
internal sealed class PointlessRetry : DiagnosticRule
{
    // Enough random orders that a flake would show.
    private const string Repeat = " --repeat 20";

    public override string Name => "pointless-retry";

    public override string Summary => "Every attempt failed with the same shape: retrying repeats the failure and costs its time.";

    internal override string Phrase => "the same failure in every attempt";

    internal override string? Qualifier(DiagnosticCase run) => "+ pointless retries";

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (!run.Incident.IsDeterministicRetry)
            return null;
        var count = run.Incident.Attempts.Count;
        var last = run.Input.Attempts[^1];
        var seconds = TimeSpan.FromTicks((last.Spans.Max(s => s.EndNanos) - run.Input.Attempts[0].Spans[0].StartNanos) / 100);
        return new(
            "Retrying is pointless: the failure is deterministic.",
            [
                $"{count} of {count} attempts failed with the same shape {run.Incident.Attempts[0].Shape.Fingerprint}",
                $"the {count} attempts took {Durations.Text(seconds)}",
                .. Classified(run),
            ],
            new(["captured@tool"], ["unhandled-tool-error", "unhandled-model-error", "agent-error"], Repeat)
        );
    }

    private static IEnumerable<string> Classified(DiagnosticCase run)
    {
        var retries = run.Input.Logs.Records.Where(r => r.Event == "run_retry").ToArray();
        if (retries.Length > 0)
            yield return $"the logs tell of {retries.Length} "
                + $"retries{(retries[0].Attributes.Text(KnownNames.StopReason) is { } why ? $", each taken for {why}" : "")}";
    }
}
