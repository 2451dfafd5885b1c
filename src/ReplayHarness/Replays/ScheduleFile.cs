using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Replays.Races;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>One step of a schedule.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Seconds">The virtual time at which the choice was made, in seconds from the start.</param>
/// <param name="Enabled">The operations and timers that could be next.</param>
/// <param name="Chosen">The one that was.</param>
public sealed record ScheduleStep(int Step, double Seconds, IReadOnlyList<string> Enabled, string Chosen)
{
    internal static double SecondsOf(long ticks) => Math.Round(TimeSpan.FromTicks(ticks).TotalSeconds, 7);
}

/// <summary>One schedule of one hypothesis, written down so that it can be replayed exactly.</summary>
/// <param name="SchemaVersion">The version of the file format.</param>
/// <param name="Incident">The fixture's incident.</param>
/// <param name="Hypothesis">The hypothesis.</param>
/// <param name="Steps">Every step.</param>
public sealed record ScheduleFile(int SchemaVersion, string Incident, string Hypothesis, IReadOnlyList<ScheduleStep> Steps)
{
    /// <summary>The version that this harness reads and writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>What seeds the agent's random numbers; not written where it is 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong RandomSeed { get; init; }

    /// <summary>Where the agent's code is stopped once; not written where it is nowhere.</summary>
    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal Preemption? Preemption { get; init; }

    /// <summary>Reads a schedule.</summary>
    /// <exception cref="BadInputException">It is not there, or not a schedule.</exception>
    public static ScheduleFile Load(string path)
    {
        if (!File.Exists(path))
            throw new BadInputException($"{path}: there is no such file; expected a schedule that a replay wrote");
        try
        {
            var schedule =
                JsonSerializer.Deserialize(JsonBytes.Of(path), ScheduleJson.Indented.ScheduleFile)
                ?? throw new BadInputException($"{path}: holds null; expected what a replay wrote");
            return schedule.SchemaVersion == CurrentVersion && schedule.Steps is not null
                ? schedule
                : throw new BadInputException($"{path}: schema version {schedule.SchemaVersion}; this harness reads {CurrentVersion}");
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: not a schedule ({e.Path}); expected what a replay wrote",
                e
            );
        }
    }

    /// <summary>The file's text.</summary>
    public string ToText() => JsonSerializer.Serialize(this, ScheduleJson.Indented.ScheduleFile) + "\n";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ScheduleFile))]
internal sealed partial class ScheduleJson : JsonSerializerContext
{
    private static ScheduleJson? s_indented;

    public static ScheduleJson Indented =>
        s_indented ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
