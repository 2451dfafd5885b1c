using System.Text.RegularExpressions;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Shapes;

/// <summary>Errors that a tool tells in its result, while its span says nothing of one.</summary>
internal static partial class SoftErrors
{
    private const long FirstHttpError = 400,
        LastHttpError = 599;
    private static readonly string[] s_states = ["status", "response_status", "state", "outcome"];
    private static readonly string[] s_codes = ["status", "statusCode", "status_code"];

    /// <summary>The error that a result tells, or null.</summary>
    public static CallError? In(string? result)
    {
        if (result is null)
            return null;
        if (Json.TryParse(result) is IReadOnlyDictionary<string, object?> map)
            return Tells(map) ? Errors.FromText(TextOf(map) ?? result) : null;
        return Opening().IsMatch(result) ? Errors.FromText(result) : null;
    }

    private static bool Tells(IReadOnlyDictionary<string, object?> map) =>
        map.GetValueOrDefault("isError") is true
        || map.GetValueOrDefault("is_error") is true
        || map.GetValueOrDefault("success") is false
        || map.GetValueOrDefault("ok") is false
        || IsSomething(map.GetValueOrDefault("error"))
        || IsSomething(map.GetValueOrDefault("errors"))
        || IsSomething(map.GetValueOrDefault("exception"))
        || s_states.Any(name => map.GetValueOrDefault(name) is string state && Failed().IsMatch(state))
        || s_codes.Any(name => map.GetValueOrDefault(name) is long code && code is >= FirstHttpError and <= LastHttpError);

    private static bool IsSomething(object? value) =>
        value switch
        {
            null or false or "" => false,
            IReadOnlyDictionary<string, object?> map => map.Count > 0,
            IReadOnlyList<object?> list => list.Count > 0,
            _ => true,
        };

    private static string? TextOf(IReadOnlyDictionary<string, object?> map)
    {
        foreach (var name in (string[])["error", "message", "errors", "exception", "detail"])
            if (map.GetValueOrDefault(name) is { } value && IsSomething(value) && value is not true)
                return value switch
                {
                    string text => text,
                    IReadOnlyDictionary<string, object?> inner => inner.GetValueOrDefault("message") as string ?? Json.Write(inner),
                    _ => Json.Write(value),
                };
        return null;
    }

    [GeneratedRegex("^(error|err|failed|failure|exception)$", RegexOptions.IgnoreCase)]
    private static partial Regex Failed();

    // How frameworks and tools begin a text that stands for an error.
    [GeneratedRegex(
        @"^\s*(Error\b[^:\n]{0,60}:|Error executing|An error occurred|Exception:"
            + @"|Traceback \(most recent call last\)|Unknown tool|[A-Z]\w*(Error|Exception): )"
    )]
    private static partial Regex Opening();
}
