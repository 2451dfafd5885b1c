using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// Tells where a text says that something went wrong. Words decide, in the languages that agents mostly speak; what says that nothing went
/// wrong, as <c>"errors": []</c> or <c>no error</c>, does not count.
/// </summary>
internal static partial class FailureWords
{
    private const int FewestOfMessage = 4;

    /// <summary>Whether a text says that something went wrong.</summary>
    /// <param name="text">What the model was told.</param>
    /// <param name="error">The error that it may quote, or null.</param>
    public static bool AreIn(string text, CallError? error)
    {
        if (error?.Message is { Length: >= FewestOfMessage } message && text.Contains(message, StringComparison.OrdinalIgnoreCase))
            return true;
        if (error is not null && (text.Trim() == error.Message || StatusOnly().IsMatch(text)))
            return true;
        // That there is nothing is the error's own meaning, or it hides another.
        if (error is not null && Absent().IsMatch($"{error}") && Absent().IsMatch(text))
            return true;
        return Json.TryParse(text.Trim()) is { } value ? InValue(value) : InText(text);
    }

    private static bool InValue(object? value) =>
        value switch
        {
            string text => InText(text),
            IReadOnlyList<object?> list => list.Any(InValue),
            IReadOnlyDictionary<string, object?> map => map.Any(InMember),
            _ => false,
        };

    private static bool InMember(KeyValuePair<string, object?> member)
    {
        var (name, value) = member;
        if (Flags().IsMatch(name) && value is bool flag)
            return !flag;
        if (Codes().IsMatch(name) && value is long or double && Convert.ToDouble(value, null) is >= 400 and < 600)
            return true;
        return InText(name) ? IsSomething(value) : InValue(value);
    }

    private static bool IsSomething(object? value) =>
        value switch
        {
            null or false or "" or 0L or 0.0 => false,
            string text => !Nothing().IsMatch(text),
            IReadOnlyList<object?> list => list.Count > 0,
            IReadOnlyDictionary<string, object?> map => map.Count > 0,
            _ => true,
        };

    private static bool InText(string text) => Words().IsMatch(Denied().Replace(text, " "));

    [GeneratedRegex(
        @"not.?found|\b404\b|no such|\bno \w|doesn.t exist|does not exist|missing|nothing|none|KeyNotFound",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Absent();

    [GeneratedRegex(@"^\s*""?(http )?[45]\d\d\b", RegexOptions.IgnoreCase)]
    private static partial Regex StatusOnly();

    [GeneratedRegex("^(is_?)?(ok(ay)?|success(ful)?|succeeded|available|reachable|healthy)$", RegexOptions.IgnoreCase)]
    private static partial Regex Flags();

    [GeneratedRegex("^(http_?)?(status_?)?(code|status)$", RegexOptions.IgnoreCase)]
    private static partial Regex Codes();

    [GeneratedRegex(@"^\s*(none|no|null|nil|false|0|ok)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Nothing();

    [GeneratedRegex(
        @"\b(no|without|zero|0|free of)( any| an?)? (errors?|failures?|faults?|time-?outs?|problems?|issues?|exceptions?|warnings?)\b"
            + @"|\b(errors?|failures?|exceptions?|failed)\W{1,3}(null|none|no|false|0|nil)\b|\b(errors?|failures?)\W{1,4}(\[\]|\{\})"
            + @"|\b(ohne|keine?) (fehler|probleme?)\b|\b(sans|aucune?) erreurs?\b|\bsin errores\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Denied();

    [GeneratedRegex(
        @"err(or|eur|ore|no)?s?\b|error|fail|\w*exceptions?\b|\bfault|time[ds]?[-_ ]?out|unavail|refus|reject|abort|denied|unable"
            + @"|invalid|missing|unknown|problem|\bissues?\b|\bretry|try.{0,12}\bagain\b|again later|\bdown\b|offline|degraded|stale"
            + @"|cached|fall-?back|skipped|interrupt|disconnect|broken|unreachable|overload|busy|\blocked|rate.?limit"
            + @"|too (many|long|late|slow|large)|(?-i:\bE[A-Z]{4,}\b)|(operation|task|call|request|tool|it) (was |is |has been )?cancel"
            + @"|\b(can|could|did|do|does|was|is|are|were|has|have|had|will|would|be)( ?not\b|n.?t\b)|cannot|n't\b"
            + @"|\bnot[-_ ](found|available|possible|reach|respond|work|ready|known|support|allow|permit|author|exist)"
            + @"|\bno (answer|response|reply|connection|access|such|luck)\b|no longer|gave up|went wrong|took too|exceed"
            + @"|(http|status|code)\W{0,3}[45]\d\d\b"
            + @"|fehl|nicht|zeit.ber|abgelaufen|konnte kein|échec|impossible|n'(a|est) pas|indisponible|fall[óo]"
            + @"|no (se pudo|pudo|está|hay)|imposible|não|falh|indispon|non (è|ha|disp|riusc)|impossibile|fout|mislukt|\bniet\b|hata"
            + @"|başarısız|nie (można|udało|odpow)|błąd|ошиб|сбой|не (удал|отвеч|доступ)|недоступ"
            + @"|错|失败|失敗|无法|無法|没有(响应|回)|不可用|超时|エラー|ません|できな|오류|실패|않|없",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Words();
}
