namespace ReplayHarness.Fixtures;

/// <summary>A fixture in which the model asks for the calls of one turn in several turns, one after the other.</summary>
internal static class SplitTurn
{
    /// <summary>The fixture.</summary>
    /// <param name="fixture">The whole one.</param>
    /// <param name="turn">The turn: the place of any of its calls.</param>
    /// <param name="groups">The places of its calls, from 0, by the turn that asks for them now.</param>
    public static Fixture Of(Fixture fixture, CallPlace turn, IReadOnlyList<int[]> groups) =>
        fixture with
        {
            Attempts = [.. fixture.Attempts.Select((a, n) => n + 1 == turn.Attempt ? Split(a, turn.Turn, groups) : a)],
        };

    private static RecordedAttempt Split(RecordedAttempt attempt, int at, IReadOnlyList<int[]> groups)
    {
        var whole = attempt.Turns[at];
        RecordedTurn[] parts = [.. groups.Select(g => whole with { Calls = [.. g.Select(i => whole.Calls[i])], StreamSeconds = null })];
        for (var i = 1; i < parts.Length; i++)
            parts[i] = parts[i] with { Text = null, Follows = at + i, Adds = null };
        // Who went on from the whole turn goes on from the last part.
        return attempt with
        {
            Turns =
            [
                .. attempt.Turns.Take(at),
                .. parts,
                .. attempt.Turns.Skip(at + 1).Select(t => t.Follows > at ? t with { Follows = t.Follows + parts.Length - 1 } : t),
            ],
        };
    }
}
