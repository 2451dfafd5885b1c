using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>A job that has ended, as it is kept in a file.</summary>
internal sealed record ResultFile : IVersioned
{
    /// <summary>The version of the file's form.</summary>
    public const int CurrentVersion = 2;

    /// <summary>A hash of the rest of the file.</summary>
    [JsonPropertyOrder(-1)]
    public string Sum { get; init; } = "";

    /// <summary>The version of this file's form.</summary>
    public required int Version { get; init; }

    /// <summary>The version of the harness that wrote it.</summary>
    public required string Harness { get; init; }

    /// <summary>A hash of all that the report depends on; empty where there is no report.</summary>
    public required string Key { get; init; }

    /// <summary>A hash of what the job was, the same on every machine; empty where it could not be read.</summary>
    public required string State { get; init; }

    /// <summary>The incident.</summary>
    public required string Incident { get; init; }

    /// <summary>What was expected of which agent; null where the incident's own file cannot be read.</summary>
    public ExpectedAgent? Expected { get; init; }

    /// <summary>The fixture's folder.</summary>
    public required string Fixture { get; init; }

    /// <summary>How long it took, in seconds of the real clock.</summary>
    public double Seconds { get; init; }

    /// <summary>The lines about the fixture that stand above its agents.</summary>
    public string Heading { get; init; } = "";

    /// <summary>Whether a page about it lies beside this file.</summary>
    public bool HasPage { get; init; }

    /// <summary>What the replay showed; null where it could not run.</summary>
    public ReplayReport? Report { get; init; }

    /// <summary>Why it could not; null where it could.</summary>
    public string? Error { get; init; }

    /// <summary>The row.</summary>
    [JsonIgnore]
    public FleetRow Row =>
        new(new(Incident, Expected?.Agent ?? "", Fixture, Expected), Report, Error)
        {
            Heading = Heading,
            Seconds = Seconds,
            IsOfBefore = true,
        };

    /// <summary>The file for a row.</summary>
    public static ResultFile Of(FleetRow row, JobKey key) =>
        new()
        {
            Version = CurrentVersion,
            Harness = Evidence.EvidenceFile.HarnessVersion,
            Key = key.Key,
            State = key.State,
            Incident = row.Job.Incident,
            Expected = row.Job.Expected,
            Fixture = row.Job.Fixture,
            Seconds = Math.Round(row.Seconds, 3),
            Heading = row.Heading,
            HasPage = row.Page is not null,
            Report = row.Report,
            Error = row.Error,
        };

    /// <summary>Reads one.</summary>
    /// <exception cref="BadInputException">
    /// It holds something else, was changed since it was written, or is of another version of the harness.
    /// </exception>
    public static ResultFile Load(string path) =>
        SummedJson.Load(path, ResultJson.Relaxed.ResultFile, CurrentVersion, "result of a job", "the job");

    /// <summary>The file's text.</summary>
    public string ToJson() => SummedJson.Text(JsonSerializer.Serialize(this with { Sum = "" }, ResultJson.Relaxed.ResultFile));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NewLine = "\n",
    Converters = [typeof(VerdictByName), typeof(WholeReport), typeof(WholeJob)]
)]
[JsonSerializable(typeof(ResultFile))]
[JsonSerializable(typeof(PlanFile))]
[JsonSerializable(typeof(RangeFile))]
[JsonSerializable(typeof(Dictionary<string, double>))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    private static ResultJson? s_relaxed;

    /// <summary>With text left readable.</summary>
    public static ResultJson Relaxed =>
        s_relaxed ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>A report in its own form.</summary>
internal sealed class WholeReport : JsonConverter<ReplayReport>
{
    public override ReplayReport Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, ReportJson.Relaxed.ReplayReport)!;

    public override void Write(Utf8JsonWriter writer, ReplayReport value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, ReportJson.Relaxed.ReplayReport);
}

/// <summary>A job in its own form.</summary>
internal sealed class WholeJob : JsonConverter<ReplayJob>
{
    public override ReplayJob Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, ReportJson.Relaxed.ReplayJob)!;

    public override void Write(Utf8JsonWriter writer, ReplayJob value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, ReportJson.Relaxed.ReplayJob);
}
