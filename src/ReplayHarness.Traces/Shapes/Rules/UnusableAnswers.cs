using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The model's answer was blocked.</summary>
internal sealed class BlockedAnswer : Rule
{
    public override string Name => "blocked-answer";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "A model's answer was blocked by a filter, or refused by the model (finish reason content_filter or refusal), and it was not "
        + "asked again.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) =>
        run
            .Run.ModelCalls.Where(m => m.FinishReason is "content_filter" or "refusal" && !run.ModelWasAskedAfter(m))
            .Select(m => new Finding(this, "model", ErrorClass.Model, $"the model gave no answer: {m.FinishReason}", [m.Span]));
}

/// <summary>The model asked for a call in a form that its API could not read.</summary>
internal sealed class MalformedCall : Rule
{
    public override string Name => "malformed-call";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "A model's answer asked for a call that its API could not read (finish reason malformed_function_call, as Gemini says), and it was "
        + "not asked again.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) =>
        run
            .Run.ModelCalls.Where(m => m.FinishReason == "malformed_function_call" && !run.ModelWasAskedAfter(m))
            .Select(m => new Finding(this, "model", ErrorClass.Model, "the model asked for a call that could not be read", [m.Span]));
}

/// <summary>The last answer says nothing.</summary>
internal sealed class EmptyAnswer : Rule
{
    public override string Name => "empty-answer";

    // An agent may have done all it had to do.
    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary => "The last answer of the model was recorded, and is empty: neither text nor a call.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (
            !run.Run.Failed
            && run.Run.ModelCalls.LastOrDefault() is { Error: null, Output: { } output, FinishReason: null or "stop" } last
            && output.SelectMany(m => m.Parts).ToArray() is { Length: > 0 } parts
            && parts.All(p => p is TextPart text && string.IsNullOrWhiteSpace(text.Content))
        )
            yield return new(this, "model", ErrorClass.Model, "the last answer of the model is empty", [last.Span]);
    }
}
