using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The model's API refused a request that held a tool's result without the call that it answers: the history was cut.</summary>
internal sealed class OrphanToolResult : Rule
{
    public override string Name => "orphan-tool-result";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "A request that the model's API refused holds a tool's result without the call that it answers: the history was cut.";

    // What a request holds is among the facts of a call.
    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var model in run.Run.ModelCalls.Where(m => m is { Error: not null, Input: not null } && IsRefusal(m)))
            if (Orphan(model) is { } id)
                yield return new(
                    this,
                    "model",
                    ErrorClass.WrongResult,
                    $"the model's API refused a request with a result of the call {id}, which it does not hold: {model.Error}",
                    [model.Span]
                );
    }

    /// <summary>Whether the API refused the request for what it holds, and not for load, time or a broken connection.</summary>
    internal static bool IsRefusal(ModelCall call) =>
        ModelError.ClassOf(call) is "http-4xx" or ErrorClass.InvalidArguments || (call.Error is { } error && SpeaksOfCalls(error.Message));

    /// <summary>Whether an error's message speaks of calls and results, in the words of any provider.</summary>
    internal static bool SpeaksOfCalls(string message) => s_words.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] s_words =
    [
        "tool_call",
        "tool_use",
        "tool_result",
        "role 'tool'",
        "tool output found for function call",
        "tool call found for function call",
        "function response",
    ];

    private static string? Orphan(ModelCall model)
    {
        // Some record only what a request adds to the last one; then its call is not missing.
        if (model.Input is [] or [{ Role: "tool" }, ..] && !SpeaksOfCalls(model.Error!.Message))
            return null;
        return RequestHistory.Unpaired(model.Input!, adjacent: false) is { Kind: HistoryFaultKind.ResultWithoutCall, CallIds: [var id] }
            ? id
            : null;
    }
}
