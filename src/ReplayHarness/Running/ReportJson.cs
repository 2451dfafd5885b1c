using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Races;
using ReplayHarness.Running.Ranges;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>What the host answers to a job: a report, or why there is none.</summary>
/// <param name="Report">The report.</param>
/// <param name="Error">What was wrong with the input, for a person.</param>
/// <param name="Progress">How far it is; other replies follow.</param>
/// <param name="Uncontrollable">Why this runtime cannot be controlled, for a person.</param>
internal sealed record HostReply(
    ReplayReport? Report = null,
    string? Error = null,
    ReplayProgress? Progress = null,
    string? Uncontrollable = null
)
{
    /// <summary>What the report says of calls at once: it is no part of its published form.</summary>
    public CallsAtOnce? AtOnce { get; init; } = Report?.AtOnce;

    /// <summary>What the range showed that ran: no part of the published form either.</summary>
    public IReadOnlyList<HypothesisRange>? Ranges { get; init; } = Report?.Ranges;

    /// <summary>True where it only says that the process lives.</summary>
    [JsonIgnore]
    public bool IsSignOfLife => (Report, Error, Progress, Uncontrollable) is (null, null, null, null);
}

/// <summary>The JSON of reports: for the line from the host, for the command line and for evidence alike.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    NewLine = "\n",
    Converters = [
        typeof(KebabEnums<VerdictKind>),
        typeof(KebabEnums<FindingKind>),
        typeof(KebabEnums<FindingState>),
        typeof(KebabEnums<Remedy>),
        typeof(KebabEnums<MismatchPolicy>),
        typeof(KebabEnums<RaceKind>),
        typeof(KebabEnums<RaceWeight>),
        typeof(Counts),
        typeof(TraceAsOtlp),
    ]
)]
[JsonSerializable(typeof(ReplayJob))]
[JsonSerializable(typeof(HostReply))]
[JsonSerializable(typeof(ReplayReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    private static ReportJson? s_relaxed,
        s_indented;

    /// <summary>On one line, with text left readable.</summary>
    public static ReportJson Relaxed => s_relaxed ??= new(new JsonSerializerOptions(Default.Options) { Encoder = s_readable });

    /// <summary>For people, with text left readable.</summary>
    public static ReportJson Indented =>
        s_indented ??= new(new JsonSerializerOptions(Default.Options) { Encoder = s_readable, WriteIndented = true });

    private static readonly JavaScriptEncoder s_readable = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
}

/// <summary>A trace as a request of OTLP/JSON.</summary>
internal sealed class TraceAsOtlp : JsonConverter<Trace>
{
    public override Trace Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var request = JsonDocument.ParseValue(ref reader);
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
            request.WriteTo(writer);
        text.Position = 0;
        return TraceFiles.Load(text, "the replay's trace", strict: true).Traces[0];
    }

    public override void Write(Utf8JsonWriter writer, Trace value, JsonSerializerOptions options) =>
        OtlpJson.WriteRequest(writer, value.Spans);
}
