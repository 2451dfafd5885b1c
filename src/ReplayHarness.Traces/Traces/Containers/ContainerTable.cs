using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>A form in which traces are written as JSON: how it is told from others, and how it is read.</summary>
internal sealed record Container(string Name, Func<JsonElement, bool> Recognises, Action<JsonElement, Place, SpanCollector> Read)
{
    /// <summary>In which forms it comes; empty where there is one.</summary>
    public required string Forms { get; init; }

    /// <summary>What of a span it does not hold, or is not kept of it.</summary>
    public required string Lacks { get; init; }

    /// <summary>What it was proved on.</summary>
    public required string Proof { get; init; }
}

/// <summary>Every JSON container; the first that recognises a value reads it. Rows of tables stand here too: CSV is read as rows.</summary>
internal static class ContainerTable
{
    public static IReadOnlyList<Container> All { get; } =
    [
        new("OTLP/JSON", OtlpJsonReader.Recognises, OtlpJsonReader.Read)
        {
            Forms =
                "requests one a line, a list, or one document; 64-bit numbers as text or numbers, enums by number or name, ids "
                + "in hex of any case or base64, old and protobuf's own names",
            Lacks = "attributes of scopes and schema URLs",
            Proof = "exports of ten versions of nine frameworks",
        },
        new("Jaeger", JaegerReader.Recognises, JaegerReader.Read)
        {
            Forms = "UI download and query API; API v3 is OTLP/JSON",
            Lacks = "nanoseconds, types of lists",
            Proof = "Jaeger's own conversion of an OTLP request, read once beside the original",
        },
        new("Zipkin v2", ZipkinReader.Recognises, ZipkinReader.Read)
        {
            Forms = "",
            Lacks = "nanoseconds, types, resource, links; most exporters: attributes of events",
            Proof = "an export of the OpenTelemetry Zipkin exporter",
        },
        new("Logfire", LogfireReader.Recognises, LogfireReader.Read)
        {
            Forms = "v1 by columns and by rows, v2, NDJSON, CSV, Parquet",
            Lacks = "nanoseconds, span kinds",
            Proof = "rows of Logfire's columns in a real PostgreSQL; not on Logfire itself",
        },
        new("Langfuse", LangfuseReader.Recognises, LangfuseReader.Read)
        {
            Forms = "`{trace, observations}`, a trace with its observations, rows of observations",
            Lacks = "microseconds, events; kinds, links",
            Proof = "thirteen of Langfuse's own sample exports, read once",
        },
        new("Phoenix", PhoenixReader.Recognises, PhoenixReader.Read)
        {
            Forms = "rows with flat or nested attributes",
            Lacks = "nanoseconds, resource, scope",
            Proof = "not proved on Phoenix itself",
        },
        new("OpenTelemetry Python spans", PythonReader.Recognises, PythonReader.Read)
        {
            Forms = "what `ConsoleSpanExporter` and `span.to_json` write, over many lines or one a line",
            Lacks = "scope",
            Proof = "not proved on the SDK itself",
        },
        new("MLflow", MlFlowReader.Recognises, MlFlowReader.Read)
        {
            Forms = "its own traces (`info`, `data`), version 2 and 3, one, a list, or spans alone",
            Lacks = "scope, kinds, links",
            Proof = "written after examples of MLflow",
        },
        new("LangSmith runs", LangSmithReader.Recognises, LangSmithReader.Read)
        {
            Forms = "as a tree (`child_runs`) or one by one",
            Lacks = "nanoseconds, resource, scope, kinds, links",
            Proof = "a tree of its JavaScript SDK, read once",
        },
        new("Weave calls", WeaveReader.Recognises, WeaveReader.Read)
        {
            Forms = "of W&B Weave",
            Lacks = "nanoseconds, resource, scope, kinds, links",
            Proof = "written after Weave's documentation",
        },
        new("OpenTelemetry JavaScript spans", JsSdkReader.Recognises, JsSdkReader.Read)
        {
            Forms =
                "as its SDK holds them (`_spanContext`), which Gemini CLI writes into its `outfile`, with log records and "
                + "metrics between them",
            Lacks = "links",
            Proof = "spans of the SDK 2, read once; the rest after Gemini CLI's source",
        },
        new("ClickHouse otel_traces", ClickHouseReader.Recognises, ClickHouseReader.Read)
        {
            Forms = "JSONEachRow, Parquet",
            Lacks = "types: every value is text",
            Proof = "Parquet of ClickHouse itself; JSONEachRow not",
        },
        new("Application Insights", AppInsightsReader.Recognises, AppInsightsReader.Read)
        {
            Forms = "classic and Log Analytics names, rows, tables, CSV",
            Lacks = "nanoseconds, types, resource but the service, events but exceptions",
            Proof = "not proved on Application Insights itself",
        },
    ];

    /// <summary>What is expected, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(c => c.Name));

    /// <summary>Reads a value of whatever form: one container's, a list, or an envelope around either.</summary>
    public static void Read(JsonElement value, Place place, SpanCollector spans) =>
        spans.Guard(place, () => ReadValue(value, place, spans));

    private static void ReadValue(JsonElement value, Place place, SpanCollector spans)
    {
        if (value.ValueKind == JsonValueKind.Array)
            ReadItems(value, place, spans);
        else if (Of(value) is { } container)
            container.Read(value, place, spans);
        else if (!Envelopes.TryOpen(value, place, spans) && !IsEmptyOrOtherSignal(value, place, spans))
            spans.Report(place.Problem($"is {JsonReading.Kind(value)} of no known form; expected {Names}; it was left out"));
    }

    public static void ReadItems(JsonElement list, Place place, SpanCollector spans)
    {
        var i = 0;
        foreach (var item in list.EnumerateArray())
            Read(item, place.Item(i++), spans);
    }

    /// <summary>Whether a table with these columns holds spans.</summary>
    public static bool RecognisesColumns(JsonElement row) => Of(row) is not null;

    private static Container? Of(JsonElement value)
    {
        foreach (var container in All)
            if (container.Recognises(value))
                return container;
        return null;
    }

    // Exporters also send empty requests, and other signals to the same file.
    private static bool IsEmptyOrOtherSignal(JsonElement value, Place place, SpanCollector spans) =>
        value.ValueKind == JsonValueKind.Object
        && (
            !value.EnumerateObject().Any()
            || LogWriters.TryNote(value, place, spans)
            || JsSdkReader.TryNoteOther(value, place, spans)
            || value.Member("resourceMetrics", "resource_metrics") is not null
        );
}
