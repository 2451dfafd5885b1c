using ReplayHarness.Fixtures;

namespace ReplayHarness.Running.Together;

/// <summary>Two calls that the model asked for in one turn.</summary>
/// <param name="Turn">The turn: the place of the first call.</param>
/// <param name="Second">The place of the second among the turn's calls, from 0.</param>
/// <param name="Count">How many calls the turn has.</param>
/// <param name="Tools">Their tools, in the order in which they were asked for.</param>
internal sealed record SiblingPair(CallPlace Turn, int Second, int Count, (string First, string Second) Tools)
{
    private int First => Turn.Call;

    /// <summary>The pairs of a fixture, turn by turn.</summary>
    public static IEnumerable<SiblingPair> Of(Fixture fixture) =>
        from place in Reduction.Calls(fixture)
        let calls = fixture.Attempts[place.Attempt - 1].Turns[place.Turn].Calls
        from second in Enumerable.Range(place.Call + 1, calls.Count - place.Call - 1)
        select new SiblingPair(place, second, calls.Count, (calls[place.Call].Tool, calls[second].Tool));

    /// <summary>
    /// The ways to have the two in a turn of their own and each other call of the turn in another: what stands between them comes before
    /// both, or after.
    /// </summary>
    /// <param name="pair">What stands for the pair: one turn with both, or a turn for each.</param>
    public IEnumerable<IReadOnlyList<int[]>> Arrangements(params int[][] pair)
    {
        int[][] before = [.. Enumerable.Range(0, First).Select(i => new[] { i })];
        int[][] between = [.. Enumerable.Range(First + 1, Second - First - 1).Select(i => new[] { i })];
        int[][] after = [.. Enumerable.Range(Second + 1, Count - Second - 1).Select(i => new[] { i })];
        yield return [.. before, .. between, .. pair, .. after];
        if (between.Length > 0)
            yield return [.. before, .. pair, .. between, .. after];
    }

    /// <summary>Whether both pairs are of one turn.</summary>
    public bool IsOfTurn(SiblingPair other) => (Turn.Attempt, Turn.Turn) == (other.Turn.Attempt, other.Turn.Turn);

    /// <summary>Each call of the turn in a turn of its own.</summary>
    public IReadOnlyList<int[]> OneByOne => [.. Enumerable.Range(0, Count).Select(i => new[] { i })];

    /// <summary>Both in one turn.</summary>
    public int[][] Together =>
        [
            [First, Second],
        ];

    /// <summary>The second in a turn before that of the first.</summary>
    public int[][] Swapped =>
        [
            [Second],
            [First],
        ];

    /// <summary>The first in a turn before that of the second.</summary>
    public int[][] InOrder =>
        [
            [First],
            [Second],
        ];
}
