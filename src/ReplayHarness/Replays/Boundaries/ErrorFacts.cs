using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// What a fixture tells of an error beside its type, as values of what an exception holds; it keeps which of them were taken.
/// </summary>
/// <param name="error">The error.</param>
/// <param name="inner">The exceptions within; null where nobody recorded whether there were any.</param>
internal sealed partial class ErrorFacts(RecordedError error, IReadOnlyList<Exception>? inner)
{
    private static readonly string[] s_codes = ["code", "errorcode", "errornumber", "number", "errno"];

    public RecordedError Error => error;

    public string Message => error.Message;

    public IReadOnlyList<Exception>? Inner => inner;

    /// <summary>The names of the members whose values are those of production.</summary>
    public HashSet<string> Told { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes that members have the values of production; gives what it is given.</summary>
    public T Tell<T>(T made, params ReadOnlySpan<string> members)
    {
        foreach (var member in members)
            Told.Add(member);
        return made;
    }

    /// <summary>The exception within: what was recorded, else what the message tells, else null.</summary>
    public Exception? InnerOr(Func<Exception?> guess)
    {
        if (inner is not null)
            return inner.Count > 0 ? inner[0] : null;
        return guess() is { } guessed ? Tell(guessed, nameof(Exception.InnerException)) : null;
    }

    /// <summary>
    /// The status code of HTTP, and whether it is known or only the usual one of the error's class; null where nothing tells one.
    /// </summary>
    public (HttpStatusCode Code, bool IsTold)? Status
    {
        get
        {
            if (
                int.TryParse(error.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var captured) && captured is >= 100 and <= 599
            )
                return ((HttpStatusCode)captured, true);
            var (pattern, usual) = error.Class switch
            {
                "rate-limit" => (Http4Pattern(), HttpStatusCode.TooManyRequests),
                "http-5xx" => (Http5Pattern(), HttpStatusCode.ServiceUnavailable),
                "http-4xx" => (Http4Pattern(), HttpStatusCode.BadRequest),
                _ => (StatusPattern(), (HttpStatusCode?)null),
            };
            if (pattern.Match(error.Message) is { Success: true } match)
                return ((HttpStatusCode)int.Parse(match.Groups["code"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), true);
            // A limit of requests has one status; of other refusals it is anybody's guess.
            return usual is { } code ? (code, code == HttpStatusCode.TooManyRequests) : null;
        }
    }

    /// <summary>The value of a parameter or member, and whether it is known; null where nothing tells it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    public (object? Value, bool IsTold)? Of(string name, Type type)
    {
        if (error.Members is { } members)
            foreach (var (member, value) in members)
                if (string.Equals(member, name, StringComparison.OrdinalIgnoreCase) && Converted(value, type) is var (converted, _))
                    return (converted, true);
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (
            (plain == typeof(HttpStatusCode) || (plain == typeof(int) && name.Contains("status", StringComparison.OrdinalIgnoreCase)))
            && Status is var (status, isTold)
        )
            return (plain == typeof(int) ? (int)status : status, isTold);
        return s_codes.Contains(name, StringComparer.OrdinalIgnoreCase) && Labelled(name) is { } code && Parsed(code, plain) is { } parsed
            ? (parsed, true)
            : null;
    }

    /// <summary>A value of a fixture as one of a type; null where it is none.</summary>
    public static (object? Value, bool IsNull)? Converted(JsonElement value, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (value.ValueKind == JsonValueKind.Null)
            return plain.IsValueType && plain == type ? null : (null, true);
        return Parsed(value.ToString(), plain) is { } parsed ? (parsed, false) : null;
    }

    // What is an order's number or a country's code has that word before it. An attribute is a code that is written in capitals.
    private string? Labelled(string name)
    {
        var label = name.Contains("number", StringComparison.OrdinalIgnoreCase) ? "number" : "code";
        var match = LabelPattern()
            .Matches(error.Message)
            .FirstOrDefault(m => m.Groups["label"].Value.EndsWith(label, StringComparison.OrdinalIgnoreCase));
        return match?.Groups["code"].Value ?? (error.Code is { } code && CodePattern().IsMatch(code) ? code : null);
    }

    private static object? Parsed(string text, Type type)
    {
        if (type == typeof(string))
            return text;
        if (type.IsEnum)
            return Enum.TryParse(type, text, ignoreCase: true, out var named) ? named : null;
        if (type == typeof(Guid))
            return Guid.TryParse(text, out var id) ? id : null;
        if (type == typeof(TimeSpan))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
        if (type == typeof(DateTimeOffset))
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var at) ? at : null;
        if (!type.IsPrimitive && type != typeof(decimal))
            return null;
        try
        {
            return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(?i:status)\D{0,40}\b(?<code>[1-5][0-9][0-9])\b")]
    private static partial Regex StatusPattern();

    [GeneratedRegex(@"\b(?<code>4[0-9][0-9])\b")]
    private static partial Regex Http4Pattern();

    [GeneratedRegex(@"\b(?<code>5[0-9][0-9])\b")]
    private static partial Regex Http5Pattern();

    [GeneratedRegex(
        @"(?i:\b(?<label>error[ _]?(code|number))|(?<!\w\s?)(?<label>code|number))\b\W{1,3}(?<code>-?[0-9]+|[A-Z][A-Z0-9_]+)\b"
    )]
    private static partial Regex LabelPattern();

    [GeneratedRegex("^[A-Z][A-Z0-9_]+$")]
    private static partial Regex CodePattern();
}
