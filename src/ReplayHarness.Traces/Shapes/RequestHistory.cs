using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>What is wrong with the messages of a request to a model.</summary>
internal enum HistoryFaultKind
{
    /// <summary>There is none.</summary>
    NoMessages,

    /// <summary>A message, or a text in it, is empty.</summary>
    EmptyContent,

    /// <summary>A tool's result answers no call of the message before it.</summary>
    ResultWithoutCall,

    /// <summary>A call has no result before the next message of another kind.</summary>
    CallWithoutResult,
}

/// <summary>A fault of a request.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">Which message, from 0.</param>
/// <param name="Part">Which part of it, from 0.</param>
/// <param name="CallIds">The calls that it speaks of.</param>
internal sealed record HistoryFault(HistoryFaultKind Kind, int Message, int Part, IReadOnlyList<string> CallIds);

/// <summary>Calls and results in the messages of a request: APIs of models refuse one without the other.</summary>
internal static class RequestHistory
{
    /// <summary>The first result without its call, or call without its result; null where all have each other.</summary>
    /// <param name="messages">The request. What has no id is passed over: some instrumentations leave it out.</param>
    /// <param name="adjacent">
    /// Whether results must stand right behind the message that holds their calls; else anywhere behind it.
    /// </param>
    public static HistoryFault? Unpaired(IReadOnlyList<Message> messages, bool adjacent)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        List<string> open = [];
        var asked = 0;
        for (var i = 0; i < messages.Count; i++)
        {
            var isResult = messages[i].Parts.Any(p => p is ToolResultPart);
            if (adjacent && !isResult)
            {
                if (open.Count > 0)
                    return new(HistoryFaultKind.CallWithoutResult, asked, 0, open);
                known.Clear();
            }
            for (var part = 0; part < messages[i].Parts.Count; part++)
                switch (messages[i].Parts[part])
                {
                    case ToolCallPart { CallId: { Length: > 0 } id }:
                        known.Add(id);
                        open.Add(id);
                        asked = i;
                        break;
                    case ToolResultPart { CallId: { Length: > 0 } id }:
                        if (!known.Contains(id))
                            return new(HistoryFaultKind.ResultWithoutCall, i, part, [id]);
                        open.Remove(id);
                        break;
                }
        }
        return open.Count > 0 ? new(HistoryFaultKind.CallWithoutResult, asked, 0, open) : null;
    }
}
