using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>A call gave something, and the model was told nothing of it.</summary>
internal sealed class LostResult : Rule
{
    public override string Name => "lost-result";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "A call gave a result or an error, and the model was told nothing in its place, or of its siblings only.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) => ToldNothing(run).Concat(LeftOut(run));

    private IEnumerable<Finding> ToldNothing(RunView run) =>
        from told in run.Told
        where told is { IsFirst: true, IsMarked: false } && !RunView.IsGivenUp(told.Call)
        where told.SaysNothing || (told.Text.Length > 0 && ToldText.IsNothing(ToldText.Bare(told.Text)))
        where told.Call.Error is null ? ToldText.HasContent(told.Call.Result) : ToldText.Bare(told.Text) != "{}"
        select Of(told.Call, told.Request.Span, told.Text.Trim().Length == 0 ? "nothing" : $"\"{told.Text.Trim()}\"");

    // A result that was left out together with the call it answers, while its siblings were told: what keeps the call is an unanswered
    // call, and what stands beside a failure is a lost sibling. A history that is cut or summed up leaves out all of a turn.
    private IEnumerable<Finding> LeftOut(RunView run)
    {
        var named = ToldResults.Named(run.Run);
        foreach (var turn in run.Run.Turns.Where(t => t.Calls.Count > 1 && t.Calls.All(c => c.Error is null)))
        foreach (var call in turn.Calls.Where(c => c.CallId is not null && named.ContainsKey(c.CallId) && ToldText.HasContent(c.Result)))
        {
            var siblings = turn.Calls.Where(c => c != call).Select(c => c.CallId).ToHashSet();
            var next = run.Run.ModelCalls.FirstOrDefault(m =>
                m.Input is not null && m.Attempts[0].StartNanos >= call.Span.EndNanos && Results(m).Any(r => siblings.Contains(r.CallId))
            );
            if (next is null || run.ReachedModel(call) || Parts<ToolCallPart>(next).Any(c => c.CallId == call.CallId))
                continue;
            yield return Of(call, next.Span, "its siblings' results only");
        }
    }

    private static IEnumerable<ToolResultPart> Results(ModelCall model) => Parts<ToolResultPart>(model).Where(r => r.CallId is not null);

    private static IEnumerable<T> Parts<T>(ModelCall model) => model.Input!.SelectMany(m => m.Parts).OfType<T>();

    private Finding Of(ToolCall call, Span request, string told) =>
        new(
            this,
            call.Name,
            ErrorClass.WrongResult,
            $"{call.Name} {call.Arguments} {(call.Error is { } error ? $"failed ({error})" : "gave a result")}, "
                + $"and the model was told {told}",
            [call.Span, request]
        );
}
