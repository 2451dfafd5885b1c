using System.Text.RegularExpressions;

namespace ReplayHarness.Traces.Dialects;

/// <summary>The error of a span, wherever it is written.</summary>
internal static partial class Errors
{
    private const int ServerKind = 2;

    /// <summary>The error, or null for a span that did not fail.</summary>
    public static CallError? Of(Span span)
    {
        if (!HasFailed(span))
            return null;
        var exception = span.Events.LastOrDefault(e => e.Name == "exception")?.Attributes ?? AttributeSet.None;
        var message =
            exception.Text("exception.message")
            ?? span.StatusMessage
            ?? span.Attributes.Text("error.message")
            ?? DialectNames.ErrorMessage(span)
            ?? span.Attributes.Text("exception.message")
            ?? "";
        var type =
            exception.Text("exception.type")
            ?? span.Attributes.Text("error.type")
            ?? DialectNames.ErrorType(span)
            ?? span.Attributes.Text("exception.type")
            ?? "";
        // Says no more than that there was one.
        if (type == "unknown")
            type = "";
        // Some write an error code where the type belongs, some nothing: the text then names the type.
        var written = type;
        if (type.Length == 0 || Code().IsMatch(type))
            type = TypeIn(exception.Text("exception.stacktrace")) ?? TypeIn(message) ?? type;
        return new(type, FirstLine(message, type))
        {
            Code = CodeOf(span) ?? (written == type || written.Length == 0 ? null : written),
            Class = span.Attributes.Text(Harness.ErrorClassName),
        };
    }

    /// <summary>Whether an error says no more than that somebody cancelled: by its type, of .NET, Python or JavaScript.</summary>
    public static bool IsCancellation(CallError error) =>
        error.Type.Split('.')[^1] is "TaskCanceledException" or "OperationCanceledException" or "CancelledError" or "AbortError";

    // A server's span says what it answered itself, not what it was told.
    private static string? CodeOf(Span span)
    {
        var attributes = span.Attributes;
        if (attributes.Count == 0)
            return null;
        if (
            span.Kind != ServerKind
            && (attributes.Text("http.response.status_code") ?? attributes.Text("http.status_code")) is [>= '4' and <= '5', _, _] status
        )
            return status;
        if (
            (attributes.Text("rpc.grpc.status_code") ?? attributes.Text("rpc.response.status_code")) is { } grpc
            && grpc is not ("0" or "OK")
        )
            return $"grpc {grpc}";
        return attributes.Text("db.response.status_code") is { } sql ? $"sql {sql}" : null;
    }

    /// <summary>The error that a text tells, as frameworks hand it to the model.</summary>
    public static CallError FromText(string text)
    {
        if (Json.TryParse(text) is IReadOnlyDictionary<string, object?> map && map.GetValueOrDefault("error") is string inner)
            text = inner;
        var type = TypeIn(text) ?? "";
        return new(type, FirstLine(text, type));
    }

    // Beside the status some have a level, a state or a stage.
    private static bool HasFailed(Span span) =>
        span.Status == SpanStatus.Error || span.Attributes.Has("error.type") || DialectNames.MarksFailure(span);

    private static string? TypeIn(string? text) =>
        text is not null && TypeName().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    private static string FirstLine(string message, string type)
    {
        var line = message.Split('\n', 2)[0].Trim();
        return type.Length > 0 && line.StartsWith(type + ": ", StringComparison.Ordinal) ? line[(type.Length + 2)..] : line;
    }

    [GeneratedRegex("^E[A-Z_]+$")]
    private static partial Regex Code();

    [GeneratedRegex(@"\b([A-Z][A-Za-z0-9]*(?:Error|Exception))\b:")]
    private static partial Regex TypeName();
}
