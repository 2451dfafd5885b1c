using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Answers;

/// <summary>Whether a request goes on as it was recorded: the history that it holds, and what it asks.</summary>
/// <param name="index">The fixture.</param>
/// <param name="dialogue">The conversation that it belongs to.</param>
/// <param name="attempt">The attempt, from 1.</param>
/// <param name="note">Takes what is accepted although it is not exactly as recorded.</param>
internal sealed class RequestCheck(FixtureIndex index, Dialogue dialogue, int attempt, Action<string> note)
{
    private readonly FixtureInput _input = index.Fixture.Input;

    private string Question => dialogue.Question ?? _input.User;

    /// <summary>How it contradicts the recording; null where it does not.</summary>
    public Divergence? Contradiction(IReadOnlyList<ChatMessage> messages)
    {
        var asked = WithoutHistory(messages);
        var user = asked.FirstOrDefault(m => m.Role == ChatRole.User)?.Text ?? "";
        if (Differs([.. asked.Where(m => m.Role == ChatRole.Assistant)]) is { } difference)
        {
            if (HistoryMatch.ByItsEnd(asked, dialogue.Served) is not { } notes)
                return difference;
            foreach (var words in notes)
                note(words);
            // The results say which question it is; else the question itself must be there.
            if (dialogue.Served.Count > 0 || asked.Any(m => m.Role == ChatRole.User && m.Text == Question))
                user = Question;
        }
        var system = messages.FirstOrDefault(m => m.Role == ChatRole.System)?.Text;
        if (system is not null && SystemRecorded() is { } recorded && system != recorded)
            note($"{Conversation.Stale}the system instructions differ: {Differences.Text(recorded, system)}");
        // One that takes over may ask nothing of its own.
        if (dialogue.Question is null && dialogue.Recorded.Before.Count > 0)
            return null;
        return Asked(user, Question) ?? AskedNext(asked);
    }

    private string? SystemRecorded() =>
        dialogue.Recorded.Opening.FirstOrDefault(m => m.Role == "system")?.Text ?? (dialogue.Number == 0 ? _input.System : null);

    // What was said before the recorded question, as far as the request begins with just that.
    private IReadOnlyList<ChatMessage> WithoutHistory(IReadOnlyList<ChatMessage> messages)
    {
        var (opening, before) = (dialogue.Recorded.Opening, dialogue.Recorded.Before);
        var answers = before.Count(t => t.Error is null) + opening.Count(m => m.Role == "assistant");
        if (answers == 0)
            return messages;
        if (messages.Count(m => m.Role == ChatRole.Assistant) <= dialogue.Served.Count)
        {
            note("a request lacks what had been said before the recorded question");
            return messages;
        }
        var said = messages.Where(m => m.Role == ChatRole.Assistant).Take(answers).Select(m => m.Text);
        var recorded = before
            .Where(t => t.Error is null)
            .Select(t => t.Text ?? "")
            .Concat(opening.Where(m => m.Role == "assistant").Select(m => m.Text ?? ""));
        if (!said.SequenceEqual(recorded))
            return messages;
        var (skip, seen) = (0, 0);
        for (; seen < answers; skip++)
            if (messages[skip].Role == ChatRole.Assistant)
                seen++;
        return [.. messages.Skip(skip)];
    }

    // A later question of the same conversation.
    private Divergence? AskedNext(IReadOnlyList<ChatMessage> messages)
    {
        if (dialogue.Served.Count == 0 || RecordedMessage.FirstAsked(dialogue.Next?.Adds ?? [])?.Text is not { } recorded)
            return null;
        var last = messages.Count - 1;
        while (last >= 0 && messages[last].Role != ChatRole.Assistant)
            last--;
        var now = messages.Skip(last + 1).FirstOrDefault(m => m.Role == ChatRole.User)?.Text;
        if (now is not null)
            return Asked(now, recorded);
        note($"a request lacks the question that was recorded there: \"{Short(recorded)}\"");
        return null;
    }

    private Divergence? Asked(string user, string recorded)
    {
        if (user == recorded)
            return null;
        if (VolatileParts.Mask(user) == VolatileParts.Mask(recorded))
            note("the user's text differs from the recorded one in volatile parts");
        else if (index.Matching.AcceptDrift)
            note($"accepted: the user's text is different: {Differences.Text(recorded, user)}");
        else
            return new(
                $"the agent asked the model \"{Short(user)}\"",
                $"\"{Short(recorded)}\"",
                [$"the user's text is different: {Differences.Text(recorded, user)}"],
                $"give the agent the captured input, or {Divergence.CaptureAgain}",
                Remedy.AcceptDrift
            );
        return null;
    }

    private Divergence? Differs(ChatMessage[] answers)
    {
        var served = dialogue.Served;
        if (answers.Length != served.Count)
            return new(
                $"the agent sent the model a request with {answers.Length} of its answers",
                $"turn {served.Count + 1} of attempt {attempt}",
                [$"{served.Count} answers were served in this attempt"]
            );
        for (var i = 0; i < answers.Length; i++)
            if (HistoryMatch.Difference(answers[i], served[i]) is { } difference)
                return new($"the agent changed the model's answer {i + 1}", null, [difference]);
        return null;
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
