namespace ReplayHarness.Fixtures;

/// <summary>Fixtures of older versions of the format, as the newest one says the same.</summary>
internal static class FixtureVersions
{
    /// <summary>The fixture in the newest version.</summary>
    public static Fixture Newest(Fixture fixture) => fixture.SchemaVersion == 1 ? FromFirst(fixture) : fixture;

    // An attempt was one conversation, that began with the user's text, and a turn that failed was asked for again.
    private static Fixture FromFirst(Fixture fixture) =>
        fixture with
        {
            SchemaVersion = Fixture.CurrentVersion,
            Attempts = [.. fixture.Attempts.Select(a => a with { Turns = Linked(a.Turns, fixture.Input) })],
        };

    private static RecordedTurn[] Linked(IReadOnlyList<RecordedTurn> turns, FixtureInput input)
    {
        var linked = new RecordedTurn[turns.Count];
        int? answered = null;
        for (var i = 0; i < linked.Length; i++)
        {
            linked[i] = turns[i] with { Follows = answered, Adds = answered is { } last ? ResultsOf(turns[last - 1]) : Opening(input) };
            if (turns[i].Error is null)
                answered = i + 1;
        }
        return linked;
    }

    private static RecordedMessage[] Opening(FixtureInput input) =>
        [.. input.System is { } system ? [new("system", system)] : Array.Empty<RecordedMessage>(), new("user", input.User)];

    private static RecordedMessage[] ResultsOf(RecordedTurn turn) =>
        turn.Calls.Count == 0 ? [] : [new("tool") { Calls = [.. turn.Calls.Select(c => c.CallId)] }];
}
