using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Judging;
using ReplayHarness.Running;

namespace ReplayHarness.Cli;

/// <summary>What <c>replays --json</c> prints.</summary>
/// <param name="Replays">A row for each agent of each incident.</param>
internal sealed record ReplaysDocument(IReadOnlyList<ReplaysRow> Replays);

/// <summary>An agent of an incident, and what its replay showed: the members of a report stand beside the others.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Agent">The agent's short name.</param>
/// <param name="Expected">The verdict that was expected; null where its file cannot be read.</param>
/// <param name="AsExpected">Whether every verdict is the expected one.</param>
/// <param name="Report">What its replay showed; null where it could not be replayed.</param>
/// <param name="Error">Why it could not; null where it could.</param>
[JsonConverter(typeof(RowWithReport))]
internal sealed record ReplaysRow(
    string Incident,
    string Agent,
    VerdictKind? Expected,
    bool AsExpected,
    ReplayReport? Report,
    string? Error = null
);

/// <summary>Writes the members of a report into its row.</summary>
internal sealed class RowWithReport : JsonConverter<ReplaysRow>
{
    public override ReplaysRow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("rows are only written");

    public override void Write(Utf8JsonWriter writer, ReplaysRow value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("incident", value.Incident);
        writer.WriteString("agent", value.Agent);
        writer.WriteString("expected", value.Expected?.Text());
        writer.WriteBoolean("asExpected", value.AsExpected);
        if (value.Error is { } error)
            writer.WriteString("error", error);
        var report = JsonSerializer.SerializeToElement(value.Report, ReportJson.Relaxed.ReplayReport);
        foreach (var member in value.Report is null ? [] : report.EnumerateObject())
            member.WriteTo(writer);
        writer.WriteEndObject();
    }
}

/// <summary>What <c>replays --plan --json</c> prints.</summary>
/// <param name="Jobs">The jobs, in order.</param>
internal sealed record PlanDocument(IReadOnlyList<PlanRow> Jobs);

/// <summary>A job that is listed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">A hash of what it is, the same on every machine; empty where it cannot be read.</param>
/// <param name="Key">A hash of all that its result depends on; empty where it cannot be read.</param>
/// <param name="IsKept">Whether it would not be run; null where no results are kept.</param>
internal sealed record PlanRow(string Name, string State, string Key, bool? IsKept);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    NewLine = "\n"
)]
[JsonSerializable(typeof(ReplaysDocument))]
[JsonSerializable(typeof(PlanDocument))]
internal sealed partial class ReplaysJson : JsonSerializerContext
{
    private static ReplaysJson? s_readable;

    /// <summary>For people, with text left readable.</summary>
    public static ReplaysJson Readable =>
        s_readable ??= new(
            new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true }
        );
}
