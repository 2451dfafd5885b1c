using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// Whether what the model was told of a call that went well has anything to do with what the call gave. Agents format, pick, shorten and
/// sum up results as they like; but they keep some name or number of it, and change none.
/// </summary>
internal static partial class ToldAgreement
{
    // With fewer words of its own a result may well be told in other words.
    private const int FewestWords = 3;

    /// <summary>False where it was told as a failure, with other values, or with nothing of it at all.</summary>
    public static bool Holds(string? result, string told)
    {
        var (own, bare) = (ToldText.Bare(result), ToldText.Bare(told));
        // What says nothing is the business of a rule.
        if (!ToldText.HasContent(result) || ToldText.IsNothing(bare) || ToldText.AreRelated(own, bare))
            return true;
        if (FailureWords.AreIn(told, null) && !FailureWords.AreIn(result!, null))
            return false;
        var (was, now) = (Json.TryParse(own), Json.TryParse(bare));
        if (was is not null and not string && now is not null and not string && Contradicts(was, now))
            return false;
        string[] words = [.. WordsOf(was ?? own).Distinct(StringComparer.OrdinalIgnoreCase)];
        return words.Length < FewestWords || WordsOf(bare).Intersect(words, StringComparer.OrdinalIgnoreCase).Any();
    }

    // The same member, and another value.
    private static bool Contradicts(object? was, object? now) =>
        (was, now) switch
        {
            (IReadOnlyDictionary<string, object?> one, IReadOnlyDictionary<string, object?> other) => one.Any(m =>
                other.TryGetValue(m.Key, out var value) && Contradicts(m.Value, value)
            ),
            (IReadOnlyList<object?> one, IReadOnlyList<object?> other) => one.Count == other.Count
                && one.Zip(other).Any(pair => Contradicts(pair.First, pair.Second)),
            (string one, string other) => other.Length > 0
                && !IsMasked(other)
                && !ToldText.AreRelated(one, other)
                && WordsOf(one).Any()
                && !WordsOf(one).Any(w => other.Contains(w, StringComparison.OrdinalIgnoreCase)),
            (long one, long other) => one != other,
            (double or long, double or long) => Math.Abs(Number(was) - Number(now)) >= 1,
            (bool one, bool other) => one != other,
            _ => false,
        };

    private static double Number(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static bool IsMasked(string text) =>
        text.Contains('*', StringComparison.Ordinal) || text.StartsWith('[') || text.StartsWith('<');

    // Names and numbers; the names of members are no part of what was said.
    private static IEnumerable<string> WordsOf(object? value) =>
        value switch
        {
            string text => Words().Matches(text).Select(m => m.Value),
            long or double => [Convert.ToString(value, CultureInfo.InvariantCulture)!],
            IReadOnlyDictionary<string, object?> map => map.Values.SelectMany(WordsOf),
            IReadOnlyList<object?> list => list.SelectMany(WordsOf),
            _ => [],
        };

    [GeneratedRegex(@"\p{L}{3,}|\d+(\.\d+)?")]
    private static partial Regex Words();
}
