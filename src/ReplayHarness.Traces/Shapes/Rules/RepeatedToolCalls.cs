using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The same tool was called with the same arguments again and again.</summary>
internal sealed class RepeatedToolCalls : Rule
{
    /// <summary>One repetition may be a retry; two are a pattern.</summary>
    private const int AtLeast = 3;

    public override string Name => "repeated-tool-calls";

    public override FindingKind Kind => FindingKind.Cause;

    public override bool IsError => false;

    public override string Summary =>
        "One tool was called at least three times with the same canonical arguments, and not each time with another result.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var group in Groups(run.ToolCalls).Where(g => g.Count() >= AtLeast && !IsPolling(g)))
        {
            var calls = group.ToArray();
            // Calls that all failed alike are a retry storm of that error; calls that succeed are a loop.
            var errors = calls.Select(run.ClassOf).Distinct().ToArray();
            var errorClass = errors is [{ } only] ? only : ErrorClass.StepLimit;
            yield return new(
                this,
                group.Key.Tool,
                errorClass,
                $"{group.Key.Tool} was called {calls.Length} times with {group.Key.Arguments}",
                [.. calls.Select(c => c.Span)]
            );
        }
        foreach (var handed in HandedOver(run).GroupBy(h => h.Tool, StringComparer.Ordinal).Where(g => g.Count() >= AtLeast))
            yield return new(
                this,
                handed.Key,
                ErrorClass.StepLimit,
                $"{handed.Key} was asked for {handed.Count()} times",
                [.. handed.Select(h => h.Span)]
            );
    }

    // Whoever learns something new each time waits for it, or reads on.
    private static bool IsPolling(IEnumerable<ToolCall> calls)
    {
        string?[] results = [.. calls.Select(c => c.Error is null && c.Result is { Length: > 0 } r ? Json.Canonical(r) : null)];
        return !results.Contains(null) && results.Distinct(StringComparer.Ordinal).Count() == results.Length;
    }

    // A framework hands a question over without a call of a tool.
    private static IEnumerable<(string Tool, Span Span)> HandedOver(RunView run) =>
        from model in run.Run.ModelCalls
        from call in (model.Output ?? []).SelectMany(m => m.Parts).OfType<ToolCallPart>()
        where HandOffNames.Is(call.Name) && run.ToolCalls.All(c => c.Name != call.Name)
        select (call.Name, model.Span);

    /// <summary>The calls that are the same: of one tool, with the same canonical arguments.</summary>
    internal static IEnumerable<IGrouping<(string Tool, string Arguments), ToolCall>> Groups(IEnumerable<ToolCall> calls) =>
        calls.Where(c => c.Arguments is not null).GroupBy(c => (c.Name, Json.Canonical(c.Arguments)));
}
