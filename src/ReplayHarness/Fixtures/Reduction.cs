using System.Text.Json;

namespace ReplayHarness.Fixtures;

/// <summary>A call that a recorded turn asked for.</summary>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Turn">The turn, from 0.</param>
/// <param name="Call">Its place among the turn's calls, from 0.</param>
internal readonly record struct CallPlace(int Attempt, int Turn, int Call);

/// <summary>Smaller fixtures made of a fixture: fewer attempts, fewer calls, empty results.</summary>
internal static class Reduction
{
    private static readonly JsonElement s_empty = JsonElement.Parse("\"\"");

    /// <summary>Keeps some attempts, by number from 1.</summary>
    public static Fixture KeepAttempts(Fixture fixture, IReadOnlyList<int> kept) =>
        fixture with
        {
            Attempts = [.. kept.Select(n => fixture.Attempts[n - 1])],
            Behaviours =
            [
                .. kept.SelectMany((n, i) => fixture.Behaviours.Where(b => b.Attempt == n).Select(b => b with { Attempt = i + 1 })),
            ],
        };

    /// <summary>Every call of the recorded turns.</summary>
    public static IReadOnlyList<CallPlace> Calls(Fixture fixture) =>
        [
            .. fixture.Attempts.SelectMany(
                (a, n) => a.Turns.SelectMany((t, turn) => t.Calls.Select((_, call) => new CallPlace(n + 1, turn, call)))
            ),
        ];

    /// <summary>Keeps some calls; a turn that had calls and keeps none goes too.</summary>
    public static Fixture KeepCalls(Fixture fixture, IReadOnlyList<CallPlace> kept)
    {
        var keep = kept.ToHashSet();
        RecordedAttempt[] attempts = [.. fixture.Attempts.Select((a, n) => KeepCalls(a, n + 1, keep))];
        var (asked, everAsked) = (Asked(attempts), Asked(fixture.Attempts));
        // What no model asked for, a retry or a call of the agent's own, stays.
        return fixture with
        {
            Attempts = attempts,
            Behaviours =
            [
                .. fixture.Behaviours.Where(b =>
                    (b.Attempt, FixtureIndex.Key(b.Tool, b.Arguments)) is var key && (asked.Contains(key) || !everAsked.Contains(key))
                ),
            ],
        };
    }

    private static RecordedAttempt KeepCalls(RecordedAttempt attempt, int number, HashSet<CallPlace> keep)
    {
        RecordedTurn Kept(RecordedTurn turn, int index) =>
            turn with
            {
                Calls = [.. turn.Calls.Where((_, call) => keep.Contains(new(number, index, call)))],
            };
        (RecordedTurn Turn, bool IsKept)[] turns =
        [
            .. attempt.Turns.Select((t, i) => (Kept(t, i), t.Calls.Count == 0 || Kept(t, i).Calls.Count > 0)),
        ];
        return attempt with
        {
            Turns = [.. turns.Where(t => t.IsKept).Select(t => t.Turn with { Follows = Renumbered(turns, t.Turn.Follows) })],
        };
    }

    // A turn that goes leaves its followers to the one that it followed.
    private static int? Renumbered((RecordedTurn Turn, bool IsKept)[] turns, int? follows)
    {
        while (follows is { } number && !turns[number - 1].IsKept)
            follows = turns[number - 1].Turn.Follows;
        return follows is { } kept ? turns.Take(kept).Count(t => t.IsKept) : null;
    }

    // The calls of each attempt, by tool and arguments.
    private static HashSet<(int, (string, string))> Asked(IEnumerable<RecordedAttempt> attempts) =>
        attempts
            .SelectMany((a, n) => a.Turns.SelectMany(t => t.Calls).Select(c => (n + 1, FixtureIndex.Key(c.Tool, c.Arguments))))
            .ToHashSet();

    /// <summary>The behaviours whose results say something, by index.</summary>
    public static IReadOnlyList<int> Results(Fixture fixture) =>
        [
            .. fixture
                .Behaviours.Select((b, i) => (b, i))
                .Where(x => x.b.Result is { } result && result.GetRawText().Length > 2)
                .Select(x => x.i),
        ];

    /// <summary>Keeps some results, and empties the others.</summary>
    public static Fixture KeepResults(Fixture fixture, IReadOnlyList<int> kept)
    {
        var keep = kept.ToHashSet();
        return fixture with
        {
            Behaviours = [.. fixture.Behaviours.Select((b, i) => b.Result is null || keep.Contains(i) ? b : b with { Result = s_empty })],
        };
    }
}
