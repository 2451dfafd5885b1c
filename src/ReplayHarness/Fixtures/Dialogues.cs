namespace ReplayHarness.Fixtures;

/// <summary>
/// One conversation of an attempt: the turns of one agent, each of which goes on from the one before. A turn that failed is asked for
/// again by the next.
/// </summary>
/// <param name="Turns">The turns, in order.</param>
/// <param name="Before">The turns of another conversation from which this one goes on, the oldest first; empty for most.</param>
internal sealed record RecordedDialogue(IReadOnlyList<RecordedTurn> Turns, IReadOnlyList<RecordedTurn> Before)
{
    /// <summary>The user's text that it begins with, behind what was answered before; null where it begins with none.</summary>
    public string? Question => RecordedMessage.FirstAsked(Opening)?.Text;

    /// <summary>The messages that it begins with; empty where they were not recorded.</summary>
    public IReadOnlyList<RecordedMessage> Opening => Turns.Count == 0 ? [] : Turns[0].Adds ?? [];
}

/// <summary>Takes an attempt apart into its conversations.</summary>
internal static class Dialogues
{
    /// <summary>The conversations of an attempt, in order of their beginnings; one at least.</summary>
    public static IReadOnlyList<RecordedDialogue> Of(RecordedAttempt attempt)
    {
        List<(List<RecordedTurn> Turns, int? Last, int? After)> found = [];
        for (var i = 0; i < attempt.Turns.Count; i++)
        {
            var turn = attempt.Turns[i];
            var at = found.FindLastIndex(d => d.Last == turn.Follows && (d.Last is not null || IsAgain(d.Turns[^1], turn)));
            if (at < 0)
            {
                found.Add(([], turn.Follows, turn.Follows));
                at = found.Count - 1;
            }
            found[at].Turns.Add(turn);
            if (turn.Error is null)
                found[at] = found[at] with { Last = i + 1 };
        }
        return found.Count == 0 ? [new([], [])] : [.. found.Select(d => new RecordedDialogue(d.Turns, Before(attempt, d.After)))];
    }

    // Nothing was answered yet: it is asked for again where it is the same request.
    private static bool IsAgain(RecordedTurn failed, RecordedTurn turn) =>
        failed.Error is not null && failed.Agent == turn.Agent && TextsOf(failed).SequenceEqual(TextsOf(turn));

    private static IEnumerable<string?> TextsOf(RecordedTurn turn) => (turn.Adds ?? []).Select(m => m.Text);

    private static List<RecordedTurn> Before(RecordedAttempt attempt, int? follows)
    {
        List<RecordedTurn> before = [];
        for (; follows is { } number; follows = attempt.Turns[number - 1].Follows)
            before.Insert(0, attempt.Turns[number - 1]);
        return before;
    }
}
