using Microsoft.Extensions.AI;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Wire;

/// <summary>
/// What APIs of models refuse of a request, whatever it was asked in. Its length is not among it: see <see cref="Fixtures.ContextLimit"/>.
/// </summary>
internal static class ProviderChecks
{
    // Stands for the message as a whole.
    private const int Whole = -1;

    /// <summary>Why an API refuses the messages, in its words; null where it takes them.</summary>
    /// <param name="format">The API.</param>
    /// <param name="messages">The whole conversation.</param>
    /// <param name="onWire">Whether they came as the API gets them; else a client in between may still drop what is empty.</param>
    public static string? Refusal(WireFormat format, IReadOnlyList<ChatMessage> messages, bool onWire)
    {
        // The instructions stand apart, or ahead.
        ChatMessage[] spoken = [.. messages.SkipWhile(m => m.Role == ChatRole.System)];
        if (spoken.Length == 0)
            return format.Words(new(HistoryFaultKind.NoMessages, 0, 0, []));
        if (onWire && format.RefusesEmptyText && Empty(spoken) is { } empty)
            return format.Words(empty);
        Message[] neutral = [.. spoken.Select(m => new Message(m.Role.Value, [.. m.Contents.Select(PartOf)]))];
        return RequestHistory.Unpaired(neutral, format.ResultsFollowTheirCalls) is { } fault ? format.Words(fault) : null;
    }

    private static MessagePart PartOf(AIContent content) =>
        content switch
        {
            FunctionCallContent call => new ToolCallPart(call.CallId, call.Name, ""),
            FunctionResultContent result => new ToolResultPart(result.CallId, ""),
            _ => new TextPart(""),
        };

    // The last message may be an answer that the model is to go on with.
    private static HistoryFault? Empty(ChatMessage[] messages)
    {
        for (var i = 0; i < messages.Length; i++)
        {
            var (message, isLast) = (messages[i], i + 1 == messages.Length);
            if (message.Role == ChatRole.System || (isLast && message.Role == ChatRole.Assistant))
                continue;
            if (message.Contents.Count == 0 || message.Contents is [TextContent { Text: "" }])
                return new(HistoryFaultKind.EmptyContent, i, Whole, []);
            for (var part = 0; part < message.Contents.Count; part++)
                if (message.Contents[part] is TextContent { Text: "" })
                    return new(HistoryFaultKind.EmptyContent, i, part, []);
        }
        return null;
    }
}
