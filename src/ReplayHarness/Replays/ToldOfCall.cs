using Microsoft.Extensions.AI;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Shapes;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays;

/// <summary>
/// What the model was told of a call. The rules find what is surely another thing than the call gave; this finds where
/// nobody can tell, so that nothing shows that the agent told the truth.
/// </summary>
/// <param name="Text">What it was told.</param>
/// <param name="HasEnded">Whether the call had ended before.</param>
/// <param name="SaysFailure">Whether that says that something went wrong, or is marked so.</param>
internal sealed record ToldOfCall(string Text, bool HasEnded, bool SaysFailure)
{
    private const int MostShown = 60;

    /// <summary>What the model was told of a call, in the order of its requests, the same once; empty where it was told nothing.</summary>
    public static IReadOnlyList<ToldOfCall> Of(BoundaryCall call, IReadOnlyList<BoundaryCall> calls)
    {
        List<ToldOfCall> told = [];
        foreach (var model in calls.Where(c => call.CallId is not null && c is { Kind: BoundaryKind.Model, Input: not null }))
        foreach (var result in model.Input!.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Where(r => r.CallId == call.CallId))
        {
            var text = ToolBoundary.ToText(result.Result) ?? "";
            if (told.Exists(t => t.Text == text))
                continue;
            // Most clients send no more than the text, whatever the result is marked as.
            var isMarked = text.Length > 0 && result.AdditionalProperties?.ContainsKey(WireFormat.IsErrorName) == true;
            told.Add(new(text, call.Ended && call.EndTicks <= model.StartTicks, isMarked || FailureWords.AreIn(text, call.Error)));
        }
        return told;
    }

    /// <summary>What the model was told that nobody can tell from a lie, as sentences without their full stops.</summary>
    public static IEnumerable<string> Unclear(ReplayContext context, IReadOnlyList<BoundaryCall> calls)
    {
        foreach (var call in calls.Where(c => c.Kind == BoundaryKind.Tool && !context.Index.Known.Shortened.Contains(c.Name)))
        foreach (var (at, told) in Of(call, calls).Index())
            // What is old may be cleared, cut or summed up, but not be turned into its contrary.
            if ((at == 0 || call.Error is not null) && !(at > 0 && IsCleared(told.Text)) && Why(call, told, calls) is { } why)
                yield return $"{why} (\"{Short(told.Text)}\")";
    }

    private static string? Why(BoundaryCall call, ToldOfCall told, IReadOnlyList<BoundaryCall> calls)
    {
        if (told.SaysFailure && (!told.HasEnded || call.Error is not null))
            return null;
        if (!told.HasEnded)
            return $"of {call.Name} the model was told something before it had answered";
        if (call.Error is not { } error)
            return ToldAgreement.Holds(call.Result, told.Text) ? null : $"what the model was told of {call.Name} is not what it gave";
        // Who gave up a call himself tells what he likes; and a call that no model asked for may answer in the place of one that failed.
        return ErrorClass.Of(error) == ErrorClass.Cancelled || calls.Any(c => IsSubstitute(c) && ToldAgreement.Holds(c.Result, told.Text))
            ? null
            : $"{call.Name} failed, and what the model was told does not say so";
    }

    private static bool IsSubstitute(BoundaryCall call) => call is { Kind: BoundaryKind.Tool, CallId: null, Ended: true, Error: null };

    private static bool IsCleared(string text) =>
        text.Trim() is "" or ['[', ..] or ['<', ..] or ['(', ..] or [.., '…'] or [.., '.', '.', '.'];

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= MostShown ? line : line[..MostShown] + "…";
    }
}
