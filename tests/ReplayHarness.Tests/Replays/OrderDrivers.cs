using Pitfalls;

namespace ReplayHarness.Tests.Replays;

/// <summary>Fails by the orders in which the calls of its turns answered: remembered as a word a turn, a letter a call.</summary>
public abstract class FailsByOrder(Func<IReadOnlyList<string>, bool> fails, int turns)
    : PitfallDriver(() =>
    {
        List<string> words = [];
        return async (tools, calls, token) =>
        {
            var word = "";
            var results = await Task.WhenAll(
                calls.Select(
                    async (call, i) =>
                    {
                        var result = await tools.CallAsync(call, token);
                        word += (char)('a' + i);
                        return (object?)result;
                    }
                )
            );
            words.Add(word);
            return words.Count == turns && fails(words) ? throw new InvalidOperationException("this order breaks it") : results;
        };
    });

/// <summary>One order of 720.</summary>
public sealed class FailsInOneOrder() : FailsByOrder(words => words[0] == "fcebda", turns: 1);

/// <summary>Whether a call was the third to answer, which no few orders of two say.</summary>
public sealed class FailsByTheThird() : FailsByOrder(words => words[0][2] == 'e', turns: 1);

/// <summary>The order of the first turn, found out after the second.</summary>
public sealed class FailsByTheFirstTurn() : FailsByOrder(words => words[0] == "ba", turns: 2);

/// <summary>The order of the first turn, but for one order of the second.</summary>
public sealed class FailsByTheFirstTurnButOnce() : FailsByOrder(words => words[0] == "ba" && words[1] != "fcebda", turns: 2);
