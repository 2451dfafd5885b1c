using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The model asked for a call and was asked again without a result for it, which model APIs refuse.</summary>
internal sealed class UnansweredToolCall : Rule
{
    public override string Name => "unanswered-tool-call";

    public override FindingKind Kind => FindingKind.Symptom;

    public override string Summary => "The model was asked again without a result for a call that it had requested.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var model in run.Run.ModelCalls.Where(m => m.Input is not null))
        {
            var asked = Parts<ToolCallPart>(model.Input!).Where(c => c.CallId is not null);
            var answered = Parts<ToolResultPart>(model.Input!).Select(r => r.CallId).ToHashSet();
            foreach (var call in asked.Where(c => !answered.Contains(c.CallId)))
                yield return new(
                    this,
                    call.Name,
                    ErrorClass.WrongResult,
                    $"the model was asked again without a result for {call.Name} {call.Arguments}",
                    [model.Span]
                );
        }
    }

    private static IEnumerable<T> Parts<T>(IReadOnlyList<Message> messages) => messages.SelectMany(m => m.Parts).OfType<T>();
}
