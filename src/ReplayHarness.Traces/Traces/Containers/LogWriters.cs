using System.Globalization;
using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Who writes log records where one looks for spans, and what to do about that. Each is told by the name of its service or of its scope.
/// </summary>
/// <param name="Name">What people call it.</param>
/// <param name="Part">What the names of its service and its scopes hold.</param>
/// <param name="Advice">What to do to get spans.</param>
internal sealed record LogWriter(string Name, string Part, string Advice);

/// <summary>Log records in files that should hold spans.</summary>
internal static class LogWriters
{
    private static readonly LogWriter[] s_all =
    [
        new(
            "Claude Code",
            "claude",
            "Claude Code sends spans where CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1 and OTEL_TRACES_EXPORTER=otlp stand beside "
                + "CLAUDE_CODE_ENABLE_TELEMETRY=1: read those"
        ),
        new(
            "Gemini CLI",
            "gemini",
            "Gemini CLI sends spans to the same endpoint or file, with content where GEMINI_TELEMETRY_TRACES_ENABLED=true: read those"
        ),
        new(
            "Codex CLI",
            "codex",
            "Codex CLI sends no spans that name its calls: no run can be read from its telemetry. Record the requests that it makes instead"
        ),
    ];

    private static readonly LogWriter s_other = new(
        "",
        "",
        "runs are read from spans, which are another signal: read what the exporter of traces has sent"
    );

    /// <summary>Notes the log records of a request of OTLP; false where it is none.</summary>
    public static bool TryNote(JsonElement value, Place place, SpanCollector spans)
    {
        if (value.Member("resourceLogs", "resource_logs") is not { ValueKind: JsonValueKind.Array } all)
            return false;
        foreach (var resourceLogs in all.EnumerateArray())
        {
            var resource = resourceLogs.Member("resource") is { } r ? OtlpJsonReader.AttributesOf(r, (_, _) => { }) : AttributeSet.None;
            foreach (var scopeLogs in resourceLogs.Items("scopeLogs", "scope_logs"))
            {
                var (scope, _) = OtlpJsonReader.ScopeOf(scopeLogs);
                spans.NoteLogs(place, Of(resource.Text("service.name"), scope), scopeLogs.Items("logRecords", "log_records").Count());
            }
        }
        return true;
    }

    /// <summary>Who wrote log records of a service and a scope.</summary>
    public static LogWriter Of(string? service, string scope) =>
        Array.Find(s_all, w => Holds(service, w.Part) || Holds(scope, w.Part)) ?? s_other;

    /// <summary>What is to be said of a source without a span.</summary>
    public static string Message(LogWriter writer, int count) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"these are log records{(writer.Name.Length > 0 ? $" of {writer.Name}" : "")} ({count} read) and no spans; {writer.Advice}"
        );

    private static bool Holds(string? name, string part) => name?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;
}
