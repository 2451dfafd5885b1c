using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>How long a refusal asks its client to wait.</summary>
internal static partial class RetryHint
{
    /// <summary>The attribute that holds the header, as the HTTP conventions name it.</summary>
    public const string Attribute = "http.response.header.retry-after";

    // Longer is no wait but a date gone wrong.
    private const double MostSeconds = 86_400;

    /// <summary>What the span of a refused request says: its header, else its error's message.</summary>
    public static TimeSpan? Of(Span span) =>
        OfHeader(span)
        ?? Of(span.StatusMessage)
        ?? Of(span.Events.LastOrDefault(e => e.Name == "exception")?.Attributes.Text("exception.message"));

    /// <summary>The header of a refused request; null where it holds no seconds.</summary>
    public static TimeSpan? OfHeader(Span span)
    {
        var value = span.Attributes[Attribute] ?? span.Attributes["http.response.header.retry_after"];
        if (value is IReadOnlyList<object?> { Count: > 0 } list)
            value = list[0];
        return
            value is not null
            && double.TryParse(
                Convert.ToString(value, CultureInfo.InvariantCulture),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var seconds
            )
            ? Wait(seconds)
            : null;
    }

    /// <summary>What a message says: <c>Please try again in 1m20.5s</c>, <c>Retry after 20 seconds</c>.</summary>
    public static TimeSpan? Of(string? message)
    {
        if (message is null || Wording().Match(message) is not { Success: true } match)
            return null;
        var seconds = 0.0;
        foreach (Capture part in match.Groups["part"].Captures)
        {
            var number = double.Parse(Number().Match(part.Value).Value, CultureInfo.InvariantCulture);
            seconds += number * UnitSeconds(part.Value);
        }
        return Wait(seconds);
    }

    private static double UnitSeconds(string part) =>
        part.Contains("ms", StringComparison.OrdinalIgnoreCase) || part.Contains("milli", StringComparison.OrdinalIgnoreCase) ? 0.001
        : part.Contains('h', StringComparison.OrdinalIgnoreCase) ? 3_600
        : part.Contains('m', StringComparison.OrdinalIgnoreCase) ? 60
        : 1;

    private static TimeSpan? Wait(double seconds) => seconds is > 0 and <= MostSeconds ? TimeSpan.FromSeconds(seconds) : null;

    [GeneratedRegex(
        @"(try again|retry)[ _-]*(in|after)[:= ]*"
            + @"(?<part>\d+(\.\d+)? ?(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h)?\b? ?)+",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Wording();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();
}
