using System.Text.Json;

namespace ReplayHarness.Traces.Containers;

/// <summary>A form in which traces are written as JSON: how it is told from others, and how it is read.</summary>
internal sealed record Container(string Name, Func<JsonElement, bool> Recognises, Action<JsonElement, Place, SpanCollector> Read);

/// <summary>Every JSON container; the first that recognises a value reads it. Rows of tables stand here too: CSV is read as rows.</summary>
internal static class ContainerTable
{
    private static readonly Container[] s_all =
    [
        new("OTLP/JSON", OtlpJsonReader.Recognises, OtlpJsonReader.Read),
        new("Jaeger", JaegerReader.Recognises, JaegerReader.Read),
        new("Zipkin v2", ZipkinReader.Recognises, ZipkinReader.Read),
        new("Logfire", LogfireReader.Recognises, LogfireReader.Read),
        new("Langfuse", LangfuseReader.Recognises, LangfuseReader.Read),
        new("Phoenix", PhoenixReader.Recognises, PhoenixReader.Read),
        new("OpenTelemetry Python spans", PythonReader.Recognises, PythonReader.Read),
        new("MLflow", MlFlowReader.Recognises, MlFlowReader.Read),
        new("LangSmith runs", LangSmithReader.Recognises, LangSmithReader.Read),
        new("Weave calls", WeaveReader.Recognises, WeaveReader.Read),
        new("OpenTelemetry JavaScript spans", JsSdkReader.Recognises, JsSdkReader.Read),
        new("ClickHouse otel_traces", ClickHouseReader.Recognises, ClickHouseReader.Read),
        new("Application Insights", AppInsightsReader.Recognises, AppInsightsReader.Read),
    ];

    /// <summary>What is expected, for messages.</summary>
    public static string Names => string.Join(", ", s_all.Select(c => c.Name));

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
        foreach (var container in s_all)
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
