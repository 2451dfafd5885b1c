using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// Tells where the model was told the beginning of a result only: its first characters, with or without a mark where it was cut, or its
/// beginning and its end. Members that were picked, and what is said in other words, are no cut: nobody can tell them from a format.
/// </summary>
internal static partial class ToldCut
{
    // So much must be the same that it is no chance; of JSON that was broken off less is enough.
    private const int Fewest = 16,
        FewestOfJson = 4,
        MostBefore = 64,
        MostMark = 80;

    /// <summary>True where a text is a part of a result that was cut.</summary>
    public static bool IsCut(string? result, string told)
    {
        if (result is null || Told(told) is not { Length: > 0 } text)
            return false;
        return IsPart(Plain(result), text) || (Inner(result) is { } inner && IsPart(Plain(inner), text));
    }

    private static bool IsPart(string own, string told)
    {
        if (own.Length <= FewestOfJson || told.Contains(own, StringComparison.Ordinal))
            return false;
        var text = told[Start(own, told)..];
        var kept = own.AsSpan().CommonPrefixLength(text);
        var rest = text.AsSpan(kept);
        if (rest.IsEmpty)
            return kept >= Fewest || (kept >= FewestOfJson && own[0] is '{' or '[');
        if (kept < Fewest)
            return false;
        var end = CommonEnd(own.AsSpan(kept), rest);
        return kept + end < own.Length && rest.Length - end <= MostMark && Mark().IsMatch(rest);
    }

    // Behind a word of what it is.
    private static int Start(string own, string told) =>
        own.Length > Fewest && told.IndexOf(own[..Fewest], StringComparison.Ordinal) is var at and >= 0 and <= MostBefore ? at : 0;

    private static int CommonEnd(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var end = 0;
        while (end < one.Length && end < other.Length && one[^(end + 1)] == other[^(end + 1)])
            end++;
        return end;
    }

    // JSON that is whole was not cut; but a text in it may have been.
    private static string? Told(string told) =>
        Json.TryParse(told.Trim()) is null ? Plain(told)
        : Inner(told) is { } inner && Json.TryParse(inner) is null ? Plain(inner)
        : null;

    private static string? Inner(string text) => ToldText.Unwrapped(text) as string;

    // White space, and how a text is quoted, are a matter of format.
    private static string Plain(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('"' or '\\')));

    [GeneratedRegex(
        @"^(</|\W{0,6}(…|\.{2,})|.{0,30}(truncat|shorten|omitt|elided|trimm|clipp|abridg|gekürzt|\bcut(off|here)?\b|\d+more"
            + "|more(char|byte|line|item|token)))",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Mark();
}
