using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Answers;

/// <summary>Which of several conversations a request belongs to, by its content: who asks, in which order, says nothing.</summary>
internal static class Routing
{
    private const int SameQuestion = 8,
        SameForm = 6,
        TakesOver = 4,
        SameInstructions = 2;

    /// <summary>The conversation, and whether the request goes on from an answer of it; else it begins there.</summary>
    public static (Dialogue Dialogue, bool Continues) Of(IReadOnlyList<ChatMessage> messages, IReadOnlyList<Dialogue> dialogues)
    {
        var continued = dialogues
            .Where(d => d.IsAsked && PlaceOf(messages, d) >= 0)
            .OrderByDescending(d => PlaceOf(messages, d))
            .ThenByDescending(d => Score(messages, d))
            .FirstOrDefault();
        // One that takes over has the answers of the one before in its history.
        var begun = dialogues
            .Where(d => !d.IsAsked)
            .OrderByDescending(d => Score(messages, d))
            .FirstOrDefault(d => Score(messages, d) >= TakesOver && (continued is null || d.Recorded.Before.Count > 0));
        if (continued is not null && (begun is null || Score(messages, continued) >= Score(messages, begun)))
            return (continued, true);
        return (
            begun
                ?? dialogues.OrderByDescending(d => Score(messages, d)).FirstOrDefault(d => Score(messages, d) >= TakesOver)
                ?? dialogues.FirstOrDefault(d => !d.IsAsked)
                ?? dialogues[0],
            false
        );
    }

    // Where in the request the last answer of a conversation stands, or a result of one of its calls; -1 for nowhere.
    private static int PlaceOf(IReadOnlyList<ChatMessage> messages, Dialogue dialogue)
    {
        if (dialogue.Served.Count == 0)
            return -1;
        var last = dialogue.Served[^1];
        for (var at = messages.Count - 1; at >= 0; at--)
            if (IsAnswer(messages[at], last) || TellsOf(messages[at], last))
                return at;
        return -1;
    }

    private static bool IsAnswer(ChatMessage message, RecordedTurn turn) =>
        message.Role == ChatRole.Assistant
        && HistoryMatch.Difference(message, turn) is null
        && (turn.Calls.Count > 0 || (message.Text is { Length: > 0 } text && text == turn.Text));

    private static bool TellsOf(ChatMessage message, RecordedTurn turn) =>
        message.Contents.OfType<FunctionResultContent>().Any(r => turn.Calls.Any(c => c.CallId == r.CallId));

    // How well a request fits the beginning of a conversation.
    private static int Score(IReadOnlyList<ChatMessage> messages, Dialogue dialogue)
    {
        var system = messages.FirstOrDefault(m => m.Role == ChatRole.System)?.Text;
        var score = system == dialogue.Recorded.Opening.FirstOrDefault(m => m.Role == "system")?.Text ? SameInstructions : 0;
        if (dialogue.Recorded.Before.Count > 0)
            score += messages.Any(m => IsAnswer(m, dialogue.Recorded.Before[^1])) ? TakesOver : -SameQuestion;
        if (dialogue.Question is not { } question)
            return score;
        string[] asked = [.. messages.Where(m => m.Role == ChatRole.User).Select(m => m.Text)];
        return score
            + (
                asked.Contains(question, StringComparer.Ordinal) ? SameQuestion
                : asked.Any(a => VolatileParts.Mask(a) == VolatileParts.Mask(question)) ? SameForm
                : 0
            );
    }
}
