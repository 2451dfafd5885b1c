using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// How a request fits the answers that were served: by its whole history, or, where an agent cuts what is old or begins with what was said
/// before, by its end.
/// </summary>
internal static class HistoryMatch
{
    /// <summary>Whether a request goes on from answers that were served; else it asks anew.</summary>
    public static bool Continues(IReadOnlyList<ChatMessage> messages, string user, IReadOnlyList<RecordedTurn> served)
    {
        var foreign = false;
        foreach (var message in messages)
        {
            if (ResultsOf(message).Any(id => Asks(served, id)))
                return true;
            if (message.Role != ChatRole.Assistant)
                continue;
            foreign = true;
            if (served.Any(t => Difference(message, t) is null))
                return true;
        }
        // What was answered before the recorded question is none of its answers, where that question follows.
        return foreign && served.Count > 0 && !(messages[^1].Role == ChatRole.User && messages[^1].Text == user);
    }

    /// <summary>
    /// What is to be noted of a request that fits by its end: the results of the last answer's calls, or that answer, and nothing that
    /// contradicts the others. Null where it does not fit.
    /// </summary>
    public static IReadOnlyList<string>? ByItsEnd(IReadOnlyList<ChatMessage> messages, IReadOnlyList<RecordedTurn> served)
    {
        var (at, kept, before) = (-1, 0, 0);
        var answersLast = false;
        foreach (var message in messages)
        {
            answersLast |= ResultsOf(message).Any(id => served.Count > 0 && Asks([served[^1]], id));
            if (message.Role != ChatRole.Assistant)
                continue;
            var next = Enumerable.Range(at + 1, served.Count - at - 1).FirstOrDefault(i => Difference(message, served[i]) is null, -1);
            if (next >= 0)
                (at, kept) = (next, kept + 1);
            else if (kept > 0 || answersLast || message.Contents.OfType<FunctionCallContent>().Any(c => Asks(served, c.CallId)))
                return null;
            else
                before++;
        }
        if (served.Count > 0 && at < served.Count - 1 && !answersLast)
            return null;
        List<string> notes = [];
        if (kept < served.Count)
            notes.Add($"the history was shortened: a request holds {kept} of the {served.Count} answers that were given");
        if (before > 0)
            notes.Add($"a request begins with {before} answers from before the recorded question");
        return notes;
    }

    /// <summary>How an answer in a request differs from the one that was served; null where it does not.</summary>
    public static string? Difference(ChatMessage answer, RecordedTurn served)
    {
        FunctionCallContent[] calls = [.. answer.Contents.OfType<FunctionCallContent>()];
        if (calls.Length != served.Calls.Count)
            return $"it holds {calls.Length} tool calls, {served.Calls.Count} were served";
        foreach (var call in served.Calls)
            if (!calls.Any(c => c.Name == call.Tool && c.CallId == call.CallId))
                return $"the call {call.Tool} ({call.CallId}) is gone";
            else if (calls.First(c => c.CallId == call.CallId) is { Arguments: { } given } && !AreSame(given, call.Arguments))
                return $"the call {call.Tool} ({call.CallId}) has other arguments";
        return null;
    }

    private static bool AreSame(IDictionary<string, object?> given, JsonElement served) =>
        Json.Canonical(ToolBoundary.ToText(given)) == Json.Canonical(Json.Value(served));

    private static bool Asks(IEnumerable<RecordedTurn> turns, string id) => turns.Any(t => t.Calls.Any(c => c.CallId == id));

    private static IEnumerable<string> ResultsOf(ChatMessage message) =>
        message.Contents.OfType<FunctionResultContent>().Select(r => r.CallId);
}
