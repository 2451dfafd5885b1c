using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// How much of a request that was too long for a model would have fitted. Tokens are counted by the provider alone: what its refusal says
/// of them is held against the characters of the request that it refused.
/// </summary>
internal static partial class ContextLimit
{
    // Characters are not tokens: a request must be shorter by a tenth at least before it counts as one that fits.
    private const double Most = 0.9;

    /// <summary>Whether a refusal says that the request was too long, and by how much.</summary>
    public static bool IsIn(string message) => Share(message) is not null;

    /// <summary>The most characters of messages that fit; null where the refusal does not say, or the request is not known.</summary>
    /// <param name="message">What the refusal says.</param>
    /// <param name="request">The request that was refused.</param>
    public static long? FittingCharacters(string message, IReadOnlyList<Message>? request) =>
        request is not null && Share(message) is { } share ? (long)(Length(request) * Math.Min(share, Most)) : null;

    /// <summary>How long messages are, in characters. Instructions, which some send apart, do not count.</summary>
    public static long Length(IEnumerable<Message> messages) =>
        messages.Where(m => m.Role != "system").SelectMany(m => m.Parts).Sum(p => (long)LengthOf(p));

    private static int LengthOf(MessagePart part) =>
        part switch
        {
            TextPart text => text.Content.Length,
            ToolCallPart call => call.Arguments.Length,
            ToolResultPart result => result.Result.Length,
            _ => 0,
        };

    private static double? Share(string message)
    {
        if (Wording().Match(message) is not { Success: true } match)
            return null;
        var (asked, most) = (NumberIn(match, "asked"), NumberIn(match, "most") - NumberIn(match, "answer"));
        return asked > 0 && most > 0 && most < asked ? most / asked : null;
    }

    private static double NumberIn(Match match, string group) =>
        double.TryParse(match.Groups[group].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // OpenAI: "maximum context length is 8192 tokens. However, your messages resulted in 9013 tokens"; Anthropic: "prompt is too long:
    // 210000 tokens > 200000 maximum" and "exceed context limit: 190000 + 20000 > 200000"; Google: "input token count (1200000) exceeds
    // the maximum number of tokens allowed (1048576)".
    [GeneratedRegex(
        @"maximum context length (is|of) (?<most>[\d,]+) tokens.{0,80}?(?<asked>\d[\d,]*) tokens"
            + @"|too long: (?<asked>[\d,]+) tokens? > (?<most>[\d,]+)"
            + @"|context limit: (?<asked>[\d,]+) \+ (?<answer>[\d,]+) > (?<most>[\d,]+)"
            + @"|input token count \(?(?<asked>[\d,]+)\)? exceeds .{0,60}?(?<most>\d[\d,]*)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Wording();
}
