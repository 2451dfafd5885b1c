using Microsoft.Extensions.AI;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Shapes;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays;

/// <summary>
/// What the model was told of a call, for the first time. The rules find what is surely another thing than the call gave; this finds where
/// nobody can tell, so that nothing shows that the agent told the truth.
/// </summary>
/// <param name="Text">What it was told.</param>
/// <param name="HasEnded">Whether the call had ended before.</param>
/// <param name="SaysFailure">Whether that says that something went wrong, or is marked so.</param>
internal sealed record ToldOfCall(string Text, bool HasEnded, bool SaysFailure)
{
    private const int MostShown = 60;

    /// <summary>What the model was told of a call; null where it was told nothing.</summary>
    public static ToldOfCall? Of(BoundaryCall call, IReadOnlyList<BoundaryCall> calls)
    {
        if (call.CallId is not { } id)
            return null;
        foreach (var model in calls.Where(c => c is { Kind: BoundaryKind.Model, Input: not null }))
            if (model.Input!.SelectMany(m => m.Contents).OfType<FunctionResultContent>().FirstOrDefault(r => r.CallId == id) is { } result)
            {
                var text = ToolBoundary.ToText(result.Result) ?? "";
                // Most clients send no more than the text, whatever the result is marked as.
                var isMarked = text.Length > 0 && result.AdditionalProperties?.ContainsKey(WireFormat.IsErrorName) == true;
                return new(text, call.Ended && call.EndTicks <= model.StartTicks, isMarked || FailureWords.AreIn(text, call.Error));
            }
        return null;
    }

    /// <summary>What the model was told that nobody can tell from a lie, as sentences without their full stops.</summary>
    public static IEnumerable<string> Unclear(ReplayContext context, IReadOnlyList<BoundaryCall> calls)
    {
        // A call that no model asked for answers for one that failed: who tells of that says it in words of its own.
        var hasSubstitute = calls.Any(c => c is { Kind: BoundaryKind.Tool, CallId: null, Ended: true, Error: null });
        foreach (var call in calls.Where(c => c.Kind == BoundaryKind.Tool))
            if (Of(call, calls) is { } told && Why(call, told, hasSubstitute) is { } why)
                yield return $"{why} (\"{Short(told.Text)}\")";
    }

    private static string? Why(BoundaryCall call, ToldOfCall told, bool hasSubstitute)
    {
        if (!told.HasEnded)
            return told.SaysFailure ? null : $"of {call.Name} the model was told something before it had answered";
        if (call.Error is not null)
            return told.SaysFailure || hasSubstitute ? null : $"{call.Name} failed, and what the model was told does not say so";
        return ToldAgreement.Holds(call.Result, told.Text) ? null : $"what the model was told of {call.Name} is not what it gave";
    }

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= MostShown ? line : line[..MostShown] + "…";
    }
}
