using System.Globalization;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Dates, as countries write them.</summary>
internal static class Dates
{
    private const int Turn = 30,
        LastMonth = 12;

    private static readonly string[][] s_months =
    [
        .. (
            (string[])
                [
                    "january february march april may june july august september october november december",
                    "jan feb mar apr may jun jul aug sep oct nov dec",
                    "januar februar märz april mai juni juli august september oktober november dezember",
                    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
                    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
                    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
                    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
                ]
        ).Select(m => m.Split(' ')),
    ];

    private enum Role
    {
        None,
        Year,
        Month,
        Day,
        Ordinal,
        Time,
    }

    /// <summary>The date as ISO 8601 writes it; null for what is none.</summary>
    public static string? Plain(string value) => Read(value) is { } date ? Iso(date.Year, date.Month, date.Day) : null;

    /// <summary>A date of ISO 8601 in the spelling of another; null where that is none.</summary>
    public static string? As(string iso, string value)
    {
        if (Read(value) is not { } like || Read(iso) is not { } date)
            return null;
        return string.Concat(
            like.Runs.Select(run =>
                run.Role switch
                {
                    Role.Year => Written(run.Text.Length == 2 ? date.Year % 100 : date.Year, run.Text.Length),
                    Role.Month => char.IsLetter(run.Text[0]) ? Named(date.Month, run.Text) : Written(date.Month, run.Text.Length),
                    Role.Day => Written(date.Day, run.Text.Length),
                    Role.Ordinal => Ordinal(date.Day),
                    Role.Time => new string('0', run.Text.Length),
                    _ => run.Text,
                }
            )
        );
    }

    /// <summary>The spellings of a date that are searched for.</summary>
    public static IEnumerable<string> Others(string value)
    {
        if (Read(value) is not { } date)
            return [];
        var (y, m, d) = (Written(date.Year, 4), Written(date.Month, 2), Written(date.Day, 2));
        var day = Written(date.Day, 1);
        var (long1, short1, long2) = (Title(s_months[0], date.Month), Title(s_months[1], date.Month), Title(s_months[2], date.Month));
        string[] forms =
        [
            $"{y}-{m}-{d}",
            $"{y}/{m}/{d}",
            $"{d}.{m}.{y}",
            $"{m}/{d}/{y}",
            $"{y}{m}{d}",
            $"{day}.{date.Month}.{y}",
            $"{date.Month}/{day}/{y}",
            $"{day} {long1} {y}",
            $"{day}. {long2} {y}",
            $"{long1} {day}, {y}",
            $"{day} {short1} {y}",
            $"{short1} {day}, {y}",
        ];
        // Before the thirteenth it would be read as another date.
        return date.Day > LastMonth ? [.. forms, $"{d}/{m}/{y}"] : forms;
    }

    private static (int Year, int Month, int Day, List<(Role Role, string Text)> Runs)? Read(string value)
    {
        var runs = Runs(value);
        int[] numbers = [.. runs.Index().Where(r => char.IsAsciiDigit(r.Item.Text[0])).Select(r => r.Index)];
        int[] lengths = [.. numbers.Select(n => runs[n].Text.Length)];
        if (lengths is [8])
            return Eight(runs, numbers[0]);
        var month = runs.FindIndex(r => char.IsLetter(r.Text[0]) && MonthOf(r.Text) > 0);
        Role[]? roles = lengths switch
        {
            [<= 2, 4] when month >= 0 => [Role.Day, Role.Year],
            [4, <= 2, <= 2, ..] => [Role.Year, Role.Month, Role.Day],
            [<= 2, <= 2, 2 or 4] => IsMonthFirst(runs, numbers) ? [Role.Month, Role.Day, Role.Year] : [Role.Day, Role.Month, Role.Year],
            _ => null,
        };
        if (roles is null)
            return null;
        foreach (var (i, at) in numbers.Index())
            runs[at] = (i < roles.Length ? roles[i] : Role.Time, runs[at].Text);
        if (roles.Length == 2)
        {
            runs[month] = (Role.Month, runs[month].Text);
            for (var i = 1; i < runs.Count; i++)
                if (runs[i - 1].Role == Role.Day && runs[i].Text is "st" or "nd" or "rd" or "th")
                    runs[i] = (Role.Ordinal, runs[i].Text);
        }
        return Checked(runs);
    }

    private static (int, int, int, List<(Role, string)>)? Checked(List<(Role Role, string Text)> runs)
    {
        var (year, month, day) = (Of(runs, Role.Year), Of(runs, Role.Month), Of(runs, Role.Day));
        if (runs.Find(r => r.Role == Role.Year).Text.Length == 2)
            year += year < Turn ? 2000 : 1900;
        return year > 0 && month is >= 1 and <= LastMonth && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? (year, month, day, runs)
            : null;
    }

    private static (int, int, int, List<(Role, string)>)? Eight(List<(Role Role, string Text)> runs, int at)
    {
        var text = runs[at].Text;
        (Role, string)[] iso = [(Role.Year, text[..4]), (Role.Month, text[4..6]), (Role.Day, text[6..])];
        (Role, string)[] other = [(Role.Day, text[..2]), (Role.Month, text[2..4]), (Role.Year, text[4..])];
        foreach (var parts in text[..2] is "18" or "19" or "20" ? (ReadOnlySpan<(Role, string)[]>)[iso, other] : [other])
            if (Checked([.. runs[..at], .. parts, .. runs[(at + 1)..]]) is { } date)
                return date;
        return null;
    }

    // Between slashes the month is the first, as in the United States, unless it cannot be one.
    private static bool IsMonthFirst(List<(Role Role, string Text)> runs, int[] numbers) =>
        runs[numbers[1]].Text is var second && Number(second) > LastMonth
        || (runs[numbers[0] + 1].Text == "/" && Number(runs[numbers[0]].Text) <= LastMonth);

    private static List<(Role Role, string Text)> Runs(string value)
    {
        List<(Role, string)> runs = [];
        for (var at = 0; at < value.Length; )
        {
            var end = at + 1;
            while (end < value.Length && Sort(value[end]) == Sort(value[at]) && Sort(value[at]) != 0)
                end++;
            runs.Add((Role.None, value[at..end]));
            at = end;
        }
        return runs;
    }

    private static int Sort(char c) =>
        char.IsAsciiDigit(c) ? 1
        : char.IsLetter(c) && !Glyphs.IsUnspaced(c) ? 2
        : 0;

    private static int Of(List<(Role Role, string Text)> runs, Role role) =>
        runs.Find(r => r.Role == role).Text is { } text ? (char.IsLetter(text[0]) ? MonthOf(text) : Number(text)) : 0;

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static int MonthOf(string word)
    {
        foreach (var months in s_months)
            if (Array.FindIndex(months, m => m.Equals(word, StringComparison.OrdinalIgnoreCase)) is >= 0 and var month)
                return month + 1;
        return 0;
    }

    // In the language, the length and the case of another.
    private static string Named(int month, string like)
    {
        var months = s_months.First(m => m.Contains(like, StringComparer.OrdinalIgnoreCase));
        var name = months[month - 1];
        return !char.IsUpper(like[0]) ? name
            : like.Length > 1 && char.IsUpper(like[1]) ? name.ToUpperInvariant()
            : Title(months, month);
    }

    private static string Title(string[] months, int month) => char.ToUpperInvariant(months[month - 1][0]) + months[month - 1][1..];

    private static string Ordinal(int day) =>
        (day % 10, day / 10) switch
        {
            (1, not 1) => "st",
            (2, not 1) => "nd",
            (3, not 1) => "rd",
            _ => "th",
        };

    private static string Written(int number, int least) => number.ToString($"D{least}", CultureInfo.InvariantCulture);

    private static string Iso(int year, int month, int day) =>
        string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00}");
}
