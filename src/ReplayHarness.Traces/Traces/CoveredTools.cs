using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>
/// Spans of a model's call that cover the tools' calls, too: Microsoft.Extensions.AI's, where telemetry stands around the invocation of
/// functions. What failed in one may be a tool, and nobody can tell.
/// </summary>
internal static class CoveredTools
{
    // What a provider's client, or the connection to it, ends with.
    private static readonly string[] s_ofTheModel =
    [
        "ClientResult",
        "Azure.RequestFailed",
        "HttpRequest",
        "HttpIO",
        "Socket",
        "IOException",
        "Canceled",
        "Api",
        "Anthropic",
        "OpenAI",
    ];

    /// <summary>Whether a span covers calls of tools: it tells their results, or failed with what is no error of a provider.</summary>
    public static bool Are(FoundCall call, string? caller, IReadOnlyList<Message>? output, CallError? error) =>
        call.Dialect is ExtensionsAi
        && (
            output?.Any(m => m.Parts.Any(p => p is ToolResultPart)) == true
            || (
                error is not null
                && caller is null
                && !s_ofTheModel.Any(word => error.Type.Contains(word, StringComparison.OrdinalIgnoreCase))
                && DialectNames.ToolDefinitions(call.Span).Any()
            )
        );
}
