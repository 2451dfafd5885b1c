using System.Text.RegularExpressions;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Errors as languages print them: Python's <c>ValueError('no')</c>, a traceback that ends with <c>ValueError: no</c>, or both; the
/// <c>TypeError: no</c> of JavaScript with the stack below.
/// </summary>
internal static partial class PrintedErrors
{
    /// <summary>The event that an instrumentation would have written of it.</summary>
    public static SpanEvent EventOf(string text, long time)
    {
        var (type, message) = Of(text);
        return new(
            "exception",
            time,
            Array
                .Empty<KeyValuePair<string, object?>>()
                .With(("exception.type", type), ("exception.message", message), ("exception.stacktrace", text.Contains('\n') ? text : null))
        );
    }

    /// <summary>Type and message; the type is null where the text names none.</summary>
    public static (string? Type, string Message) Of(string text)
    {
        var trace = text.IndexOf("Traceback (most recent call last)", StringComparison.Ordinal);
        if (Call().Match(trace < 0 ? text : text[..trace]) is { Success: true } call)
            return (call.Groups[1].Value, call.Groups[2].Value);
        // What a traceback ends with is what was raised last; a stack stands below its error.
        var lines = Line().Matches(trace < 0 ? text : text[trace..]);
        if (lines.Count == 0)
            return (null, text.Split('\n', 2)[0].Trim());
        var line = lines[trace < 0 ? 0 : ^1];
        return (line.Groups[1].Value, line.Groups[2].Value.Trim());
    }

    [GeneratedRegex("""\A\s*([A-Za-z_][\w.]*)\(\s*['"](.*?)['"]\s*,?\s*\)""", RegexOptions.Singleline)]
    private static partial Regex Call();

    [GeneratedRegex(
        @"^((?:[A-Za-z_]\w*\.)*(?:[A-Z]\w*)?(?:Error|Exception|Timeout|Interrupt|Cancelled|Exit|Warning)): ?(.*)$",
        RegexOptions.Multiline
    )]
    private static partial Regex Line();
}
