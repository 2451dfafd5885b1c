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
        var providers = ProvidersOwn(run);
        foreach (var model in run.Run.ModelCalls.Where(m => m.Input is not null))
        {
            var asked = Parts<ToolCallPart>(model.Input!).Where(c => c.CallId is not null && !providers.Contains(c.CallId));
            var answered = Parts<ToolResultPart>(model.Input!).Select(r => r.CallId).ToHashSet();
            foreach (var call in asked.Where(c => !answered.Contains(c.CallId)).Skip(WithoutId(model.Input!)))
                yield return new(
                    this,
                    call.Name,
                    ErrorClass.WrongResult,
                    $"the model was asked again without a result for {call.Name} {call.Arguments}",
                    [model.Span]
                );
        }
    }

    // What a provider runs itself: its result comes with a later answer, for which a turn may pause.
    private static HashSet<string?> ProvidersOwn(RunView run) =>
        [
            .. run
                .Run.ModelCalls.SelectMany(m => Parts<ToolCallPart>(m.Input ?? []).Where(IsProviders).Concat(Paused(m)))
                .Select(c => c.CallId),
        ];

    private static IEnumerable<ToolCallPart> Paused(ModelCall model) =>
        model.FinishReason == "pause_turn" ? Parts<ToolCallPart>(model.Output ?? []) : [];

    // As Anthropic names them.
    private static bool IsProviders(ToolCallPart call) => call.CallId?.StartsWith("srvtoolu_", StringComparison.Ordinal) == true;

    // Some instrumentations leave out whose result it is: it may be that of any call.
    private static int WithoutId(IReadOnlyList<Message> messages) =>
        messages.Sum(m =>
            m.Parts.Count(p => p is ToolResultPart { CallId: null }) is > 0 and var results ? results
            : m.Role == "tool" && !m.Parts.Any(p => p is ToolResultPart) ? 1
            : 0
        );

    private static IEnumerable<T> Parts<T>(IReadOnlyList<Message> messages) => messages.SelectMany(m => m.Parts).OfType<T>();
}
