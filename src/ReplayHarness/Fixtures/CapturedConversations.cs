using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>Which answer each request of a run goes on from, and what it added: a run may hold several conversations at once.</summary>
internal static class CapturedConversations
{
    /// <summary>For each call of the model, in order: the number of the one it follows, from 1, and what it added.</summary>
    public static IReadOnlyList<(int? Follows, IReadOnlyList<RecordedMessage>? Adds)> Of(IReadOnlyList<ModelCall> calls) =>
        [.. calls.Select((_, k) => LinkOf(calls, k))];

    private static (int?, IReadOnlyList<RecordedMessage>?) LinkOf(IReadOnlyList<ModelCall> calls, int k)
    {
        var input = calls[k].Input;
        var (followed, at) = FollowedBy(calls, k);
        return (followed < 0 ? null : followed + 1, input is null ? null : [.. input.Skip(at + 1).Select(Recorded)]);
    }

    // By the last answer in the request, or by the calls whose results it tells. A request that tells neither and asks something of its
    // own begins a conversation; else nobody recorded what it goes on from: the call before, of the same agent.
    private static (int Followed, int At) FollowedBy(IReadOnlyList<ModelCall> calls, int k)
    {
        var input = calls[k].Input ?? [];
        for (var at = input.Count - 1; at >= 0; at--)
        {
            var followed = LastBefore(calls, k, other => Holds(other, input[at]));
            if (followed >= 0)
                return (followed, input[at].Role == "assistant" ? at : FirstOfEnd(input, at) - 1);
        }
        var before = LastBefore(calls, k, other => Callers.AreOne(other.Caller, calls[k].Caller));
        if (before < 0 || (input.Count > 0 && !calls.Take(k).Any(other => Opens(other, input))))
            return (-1, -1);
        return (calls[before].Error is null ? before : FollowedBy(calls, before).Followed, -1);
    }

    private static int LastBefore(IReadOnlyList<ModelCall> calls, int k, Func<ModelCall, bool> fits)
    {
        for (var j = k - 1; j >= 0; j--)
            if (fits(calls[j]))
                return j;
        return -1;
    }

    private static bool Holds(ModelCall answered, Message message)
    {
        if (answered.Error is not null || answered.Output is not { Count: > 0 } output)
            return false;
        var asked = IdsOf(output.SelectMany(m => m.Parts.OfType<ToolCallPart>()).Select(c => c.CallId));
        if (message.Role != "assistant")
            return asked.Count > 0 && message.Parts.OfType<ToolResultPart>().Any(r => r.CallId is { } id && asked.Contains(id));
        var told = IdsOf(message.Parts.OfType<ToolCallPart>().Select(c => c.CallId));
        return asked.Count > 0 || told.Count > 0
            ? asked.SetEquals(told) && asked.Count > 0
            : TextOf(message) is { Length: > 0 } text && text == string.Concat(output.Select(TextOf));
    }

    private static HashSet<string> IdsOf(IEnumerable<string?> ids) => ids.OfType<string>().ToHashSet(StringComparer.Ordinal);

    // Where the answer itself is gone, the results of its calls are what was added.
    private static int FirstOfEnd(IReadOnlyList<Message> input, int at)
    {
        while (at > 0 && input[at - 1].Role == "tool")
            at--;
        return at;
    }

    private static bool Opens(ModelCall other, IReadOnlyList<Message> input) =>
        other.Input is not { Count: > 0 } opened || QuestionIn(opened) == QuestionIn(input);

    private static string QuestionIn(IReadOnlyList<Message> messages) =>
        string.Join('\n', messages.Where(m => m.Role is "system" or "user").Select(TextOf));

    private static RecordedMessage Recorded(Message message)
    {
        string[] ids =
        [
            .. message.Parts.OfType<ToolCallPart>().Select(c => c.CallId ?? ""),
            .. message.Parts.OfType<ToolResultPart>().Select(r => r.CallId ?? ""),
        ];
        // Some providers tell results in the user's name.
        var role = message.Parts.Any(p => p is ToolResultPart) ? "tool" : message.Role;
        return new(role, TextOf(message) is { Length: > 0 } text ? text : null) { Calls = ids.Length > 0 ? ids : null };
    }

    public static string TextOf(Message message) => string.Concat(message.Parts.OfType<TextPart>().Select(p => p.Content));
}
