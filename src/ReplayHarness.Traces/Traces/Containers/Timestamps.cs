using System.Globalization;

namespace ReplayHarness.Traces.Containers;

/// <summary>ISO 8601 times with up to nine digits of a second, which <see cref="DateTimeOffset"/> would cut to seven.</summary>
internal static class Timestamps
{
    private static readonly string[] s_forms = ["yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd HH:mm"];

    /// <summary>Nanoseconds since 1970. Without an offset the time is UTC.</summary>
    public static bool TryParse(string text, out long nanos)
    {
        nanos = 0;
        var rest = text.AsSpan().Trim();
        if (!TryOffset(ref rest, out var offset))
            return false;
        var dot = rest.IndexOfAny('.', ',');
        var fraction = dot < 0 ? [] : rest[(dot + 1)..];
        if (dot >= 0)
            rest = rest[..dot];
        if (
            !DateTime.TryParseExact(
                rest,
                s_forms,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
        )
            return OtherForms(text, out nanos);
        if (fraction.IndexOfAnyExceptInRange('0', '9') >= 0)
            return false;
        long part = 0;
        for (var i = 0; i < 9; i++)
            part = (part * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        var ticks = (time - DateTime.UnixEpoch - offset).Ticks;
        if (Math.Abs(ticks) > long.MaxValue / 100 - TimeSpan.TicksPerSecond)
            return false;
        nanos = (ticks * 100) + part;
        return true;
    }

    // A portal writes dates as its user's culture does; only the unambiguous invariant form is taken.
    private static bool OtherForms(string text, out long nanos)
    {
        nanos = 0;
        if (
            !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            || time.Year is < 1700 or > 2200
        )
            return false;
        nanos = (time - DateTimeOffset.UnixEpoch).Ticks * 100;
        return true;
    }

    private static bool TryOffset(ref ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text.EndsWith("Z", StringComparison.OrdinalIgnoreCase))
            text = text[..^1];
        else if (text.EndsWith(" UTC", StringComparison.Ordinal))
            text = text[..^4];
        else if (text.LastIndexOfAny('+', '-') is var at && at > 10)
        {
            var digits = text[(at + 1)..].ToString().Replace(":", "", StringComparison.Ordinal);
            if (
                digits.Length is not (2 or 4)
                || !int.TryParse(digits.PadRight(4, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
                return false;
            offset = new TimeSpan(number / 100, number % 100, 0) * (text[at] == '-' ? -1 : 1);
            text = text[..at];
        }
        return true;
    }
}
