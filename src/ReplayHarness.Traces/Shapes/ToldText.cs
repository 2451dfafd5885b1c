using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// Compares what a call gave with what the model was told. Agents format, wrap and shorten results as they like: only what cannot be that
/// counts as something else.
/// </summary>
internal static partial class ToldText
{
    private const int MostNesting = 8,
        FewestWordsOfProse = 3,
        FewestLetters = 8;

    private const string Structured = "structuredContent";

    // What frameworks and protocols put around a result.
    private static readonly string[] s_wrappers = ["result", "results", "output", "response", "content", "data", "text", "value"];

    /// <summary>A result without the white space, the quotes and the wrappers around it, canonical.</summary>
    public static string Bare(string? text) => Json.Canonical(Unwrapped(text));

    /// <summary>What stands in a result's quotes and wrappers: a text, or plain values.</summary>
    public static object? Unwrapped(string? text)
    {
        object? value = text?.Trim() ?? "";
        for (var i = 0; i < MostNesting; i++)
            if (Inner(value) is { } inner)
                value = inner.Value;
            else
                break;
        return value;
    }

    /// <summary>True for what says nothing at all, also what is printed of an object that was never awaited or never written out.</summary>
    public static bool IsNothing(string bare) =>
        bare.Length == 0 || bare is "{}" or "null" or "None" or "undefined" || NoText().IsMatch(bare);

    /// <summary>True where there is something to tell: more than empty lists and objects.</summary>
    public static bool HasContent(string? result) =>
        result is not null && Bare(result) is var bare && !IsNothing(bare) && (Json.TryParse(bare) is not { } value || IsFilled(value));

    /// <summary>True where one is a part of the other, or they are one number that was rounded.</summary>
    public static bool AreRelated(string own, string told)
    {
        if (own.Length == 0 || told.Length == 0)
            return own.Length == told.Length;
        if (Number(own) is { } was && Number(told) is { } now)
            return Math.Abs(was - now) < 1;
        return Holds(own, told) || Holds(told, own);
    }

    /// <summary>
    /// True where a text holds a result, or its beginning, in other letters or behind other words, and nothing of the call's own.
    /// </summary>
    /// <param name="result">The result of another call.</param>
    /// <param name="told">What was told.</param>
    /// <param name="own">What the call itself gave, or null.</param>
    public static bool IsDisguised(string result, string told, string? own)
    {
        var (other, text) = (Letters(Bare(result)), Letters(told));
        return Shows(other, text) && (own is null || !Shows(Letters(Bare(own)), text)) && !Shows(other, Letters(Bare(own)));
    }

    private static bool Shows(string result, string text) =>
        result.Length >= FewestLetters && text.Contains(result, StringComparison.Ordinal)
        || (text.Length >= FewestLetters && result.StartsWith(text, StringComparison.Ordinal));

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    /// <summary>True for what every call could be told of: it is nobody's result.</summary>
    public static bool IsAnybodys(string bare) => IsNothing(bare) || bare == "[]" || SaysDone().IsMatch(bare);

    /// <summary>
    /// True where a text reads as the result of a call that went well, and says nothing of an error. What is said in sentences may say it
    /// in any language.
    /// </summary>
    public static bool ReadsAsSuccess(string bare, CallError error)
    {
        if (
            SpeaksOfErrors().IsMatch(bare) || (error.Message.Length > 0 && bare.Contains(error.Message, StringComparison.OrdinalIgnoreCase))
        )
            return false;
        if (SaysDone().IsMatch(bare) || bare is "{}" or "[]" or "true" || Number(bare) is not null)
            return true;
        return Json.TryParse(bare) is { } value and not string && IsData(value);
    }

    // One step inwards; null where there is none.
    private static (object? Value, bool)? Inner(object? value) =>
        value switch
        {
            string text when Json.TryParse(text) is { } parsed => (parsed is string inner ? inner.Trim() : parsed, true),
            IReadOnlyDictionary<string, object?> map when Wrapped(map) is { } wrapped => (map[wrapped], true),
            IReadOnlyList<object?> { Count: > 0 } blocks when blocks.All(IsTextBlock) => (string.Join("\n", blocks.Select(TextOf)), true),
            _ => null,
        };

    // The one member beside the type, or the flag that says that all is well; of a result of MCP, which may say the same twice, the text.
    private static string? Wrapped(IReadOnlyDictionary<string, object?> map)
    {
        string[] names =
        [
            .. map.Where(m => m.Key is not ("type" or "_meta") && m is not { Key: "isError", Value: false }).Select(m => m.Key),
        ];
        return names switch
        {
            [var only] when s_wrappers.Contains(only) || only == Structured => only,
            [_, _] when map.GetValueOrDefault("content") is IReadOnlyList<object?> blocks && map.ContainsKey(Structured) => blocks.Count > 0
                ? "content"
                : Structured,
            _ => null,
        };
    }

    private static bool IsTextBlock(object? block) =>
        block is IReadOnlyDictionary<string, object?> map
        && map.GetValueOrDefault("type") as string == "text"
        && map.GetValueOrDefault("text") is string;

    private static string TextOf(object? block) => (string)((IReadOnlyDictionary<string, object?>)block!)["text"]!;

    // Names and numbers, and no sentence; false and null may be how a tool says that there is nothing.
    private static bool IsData(object? value) =>
        value switch
        {
            null or false => false,
            string text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length < FewestWordsOfProse,
            IReadOnlyDictionary<string, object?> map => map.Values.All(IsData),
            IReadOnlyList<object?> list => list.All(IsData),
            _ => true,
        };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsFilled(object? value) =>
        value switch
        {
            null or false or "" => false,
            IReadOnlyDictionary<string, object?> map => map.Values.Any(IsFilled),
            IReadOnlyList<object?> list => list.Any(IsFilled),
            _ => true,
        };

    // As a whole word, so that "1" is no part of "12".
    private static bool Holds(string whole, string part)
    {
        for (var at = whole.IndexOf(part, StringComparison.OrdinalIgnoreCase); at >= 0; )
        {
            var end = at + part.Length;
            if ((at == 0 || !Joins(whole[at - 1], part[0])) && (end == whole.Length || !Joins(part[^1], whole[end])))
                return true;
            at = whole.IndexOf(part, at + 1, StringComparison.OrdinalIgnoreCase);
        }
        return false;
    }

    private static bool Joins(char left, char right) => char.IsLetterOrDigit(left) && char.IsLetterOrDigit(right);

    [GeneratedRegex(
        @"^(\[object \w+\]|<(coroutine|generator|function|async_generator) \S+.*>|System\.Threading\.Tasks\.(Value)?Task\S*)$",
        RegexOptions.Singleline
    )]
    private static partial Regex NoText();

    [GeneratedRegex(@"^(ok(ay)?|success(ful(ly)?)?|succeeded|done|completed?)\b(\s*[.!]?$|\s*:[^\n]*$)", RegexOptions.IgnoreCase)]
    private static partial Regex SaysDone();

    [GeneratedRegex(
        @"err|fail|exception|fault|time[ds]?[-_ ]?out|unavail|refus|reject|cancel|abort|denied|unable|could|cannot|can't|\bnot?\b|none|no_"
            + @"|null|invalid|missing|unknown|problem|issue|retry|again|down\b|offline|lost|partial|stale|cache|fallback|default|degraded"
            + @"|pending|skip|warn|reason|detail|\b[45]\d\d\b|fehl|nicht|kein|zeit.ber|abgelaufen|fout|mislukt|hata|b..d\b|ошиб|сбой"
            + "|错|失败|失敗|エラー|오류|실패",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex SpeaksOfErrors();
}
