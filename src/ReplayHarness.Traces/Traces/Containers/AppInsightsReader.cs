using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>
/// Reads rows of Application Insights, in the classic names (<c>operation_Id</c>) and in Log Analytics' (<c>OperationId</c>): requests and
/// dependencies are spans, an exception belongs to the span that is its parent, other telemetry is left alone. Attributes are in
/// <c>customDimensions</c>, the text of a JSON object.
/// </summary>
internal static class AppInsightsReader
{
    public static bool Recognises(JsonElement row) => row.Member("operation_Id", "OperationId") is not null;

    public static void Read(JsonElement row, Place place, SpanCollector spans)
    {
        var item = row.AnyText("itemType", "Type") ?? "";
        if (item.Contains("exception", StringComparison.OrdinalIgnoreCase) || row.Member("problemId", "ProblemId") is not null)
            AddException(row, spans);
        else if (row.Member("id", "Id") is not null && row.Decimal("duration", "DurationMs") is not null)
            spans.Add(SpanOf(row), place.Problem(""));
    }

    private static Span SpanOf(JsonElement row)
    {
        var start = TimeOf(row);
        var traceId = Rows.Id(row.AnyText("operation_Id", "OperationId") ?? "", 32);
        var parent = row.AnyText("operation_ParentId", "ParentId");
        var failed = row.AnyText("success", "Success")?.ToUpperInvariant() is "FALSE" or "0";
        var attributes = Rows.Attributes(row.Member("customDimensions", "Properties"));
        return new Span(
            traceId,
            SpanIdOf(row.AnyText("id", "Id") ?? throw new WrongFormException("id", "is empty; expected a span's id")),
            parent is null || Rows.Id(parent, 32) == traceId ? null : SpanIdOf(parent),
            row.AnyText("name", "Name") ?? "",
            start,
            start + (long)((row.Decimal("duration", "DurationMs") ?? 0) * 1_000_000m)
        )
        {
            Kind =
                row.AnyText("itemType", "Type")?.Contains("request", StringComparison.OrdinalIgnoreCase) == true ? 2
                : row.AnyText("type", "DependencyType") == "InProc" ? 1
                : 3,
            Status = failed ? SpanStatus.Error : SpanStatus.Unset,
            StatusMessage = failed ? row.AnyText("resultCode", "ResultCode") : null,
            Attributes = attributes.With(),
            Resource = Array
                .Empty<KeyValuePair<string, object?>>()
                .With(
                    ("service.name", row.AnyText("cloud_RoleName", "AppRoleName")),
                    ("service.version", row.AnyText("application_Version", "AppVersion"))
                ),
        };
    }

    private static void AddException(JsonElement row, SpanCollector spans)
    {
        if (row.AnyText("operation_ParentId", "ParentId") is not { } parent)
            return;
        spans.AddEvent(
            Rows.Id(row.AnyText("operation_Id", "OperationId") ?? "", 32),
            SpanIdOf(parent),
            new(
                "exception",
                TimeOf(row),
                Array
                    .Empty<KeyValuePair<string, object?>>()
                    .With(
                        ("exception.type", row.AnyText("type", "ExceptionType")),
                        ("exception.message", row.AnyText("outerMessage", "OuterMessage")),
                        ("exception.stacktrace", row.AnyText("details", "Details"))
                    )
            )
        );
    }

    // Column headings of the portal carry the zone.
    private static long TimeOf(JsonElement row) =>
        row.Time("timestamp", "timestamp [UTC]", "TimeGenerated", "TimeGenerated [UTC]")
        ?? throw new WrongFormException("timestamp", "is missing; expected a time");

    // The first SDKs wrote |trace.span. as the id.
    private static string SpanIdOf(string id) => Rows.Id(id.Trim('|', '.').Split('.')[^1], 16);
}
