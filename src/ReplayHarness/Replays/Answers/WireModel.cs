using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// The recorded model as requests over HTTP reach it, in a replay's process or at a server: each attempt of the client comes here, and a
/// request may continue an answer by its id.
/// </summary>
internal sealed class WireModel(Conversation conversation)
{
    // What an answer continues, for a request that names it instead of repeating the conversation.
    private readonly Dictionary<string, IReadOnlyList<ChatMessage>> _answered = new(StringComparer.Ordinal);
    private int _answers;

    /// <summary>The answer to a request with the whole conversation it stands for, or why it contradicts the recording.</summary>
    public (WireAnswer? Answer, IReadOnlyList<ChatMessage> Messages, Divergence? Divergence) Next(WireRequest asked, WireFormat format)
    {
        IReadOnlyList<ChatMessage> messages =
            asked.Continues is { } id && _answered.TryGetValue(id, out var before) ? [.. before, .. asked.Messages] : asked.Messages;
        conversation.NoteOffer(asked.Tools);
        messages = conversation.Names.Recorded(messages);
        messages = UnnamedCalls.Named(messages, conversation.Dialogues.SelectMany(d => d.Served));
        var (turn, divergence) = conversation.Next(messages, byAttempt: true, format, asked.Schema);
        if (divergence is not null)
            return (null, messages, divergence);
        var answer = new WireAnswer($"answer_{++_answers}", asked.Model, conversation.Names.Offered(turn!), asked) { Recorded = turn! };
        _answered[answer.Id] = [.. messages, .. Conversation.Respond(turn!).Messages];
        return (answer, messages, null);
    }
}
