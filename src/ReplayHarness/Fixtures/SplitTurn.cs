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
            parts[i] = parts[i] with { Text = null, Follows = at + i, Adds = [new("tool") { Calls = IdsOf(parts[i - 1]) }] };
        return attempt with
        {
            Turns = [.. attempt.Turns.Take(at), .. parts, .. attempt.Turns.Skip(at + 1).Select(t => Behind(t, at, parts))],
        };
    }

    // Who went on from the whole turn goes on from the last part, and tells only of its calls.
    private static RecordedTurn Behind(RecordedTurn turn, int at, RecordedTurn[] parts)
    {
        var follows = turn.Follows > at ? turn.Follows + parts.Length - 1 : turn.Follows;
        return turn.Follows != at + 1 ? turn with { Follows = follows } : turn with { Follows = follows, Adds = ToldOf(turn, parts[^1]) };
    }

    private static RecordedMessage[]? ToldOf(RecordedTurn turn, RecordedTurn last)
    {
        var ids = IdsOf(last);
        return turn.Adds is null
            ? null
            :
            [
                .. turn
                    .Adds.Select(m => m is { Role: "tool", Calls: { } calls } ? m with { Calls = [.. calls.Intersect(ids)] } : m)
                    .Where(m => m is not { Role: "tool", Calls.Count: 0 }),
            ];
    }

    private static string[] IdsOf(RecordedTurn turn) => [.. turn.Calls.Select(c => c.CallId)];
}
