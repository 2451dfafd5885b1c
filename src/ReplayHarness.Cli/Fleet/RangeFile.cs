using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Evidence;
using ReplayHarness.Running;
using ReplayHarness.Running.Ranges;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>What a range of the schedules of one job showed, as it is kept in a file.</summary>
internal sealed record RangeFile : IVersioned
{
    /// <summary>The version of the file's form.</summary>
    public const int CurrentVersion = 1;

    /// <summary>A hash of the rest of the file.</summary>
    [JsonPropertyOrder(-1)]
    public string Sum { get; init; } = "";

    /// <summary>The version of this file's form.</summary>
    public required int Version { get; init; }

    /// <summary>The version of the harness that wrote it.</summary>
    public required string Harness { get; init; }

    /// <summary>A hash of all that it depends on, the machine too.</summary>
    public required string Key { get; init; }

    /// <summary>A hash of the code and the fixture, the same on every machine.</summary>
    public required string State { get; init; }

    /// <summary>A hash of the variables of the environment that the agent's code names.</summary>
    public required string Named { get; init; }

    /// <summary>What was replayed, and which range of it.</summary>
    public required ReplayJob Job { get; init; }

    /// <summary>The verdict on which the job exits 0; null for <c>removed</c>.</summary>
    public string? Expect { get; init; }

    /// <summary>Whether everything was controlled; else it may come out otherwise.</summary>
    public required bool IsControlled { get; init; }

    /// <summary>What it showed.</summary>
    public required IReadOnlyList<HypothesisRange> Hypotheses { get; init; }

    /// <summary>Which range it is.</summary>
    [JsonIgnore]
    public ScheduleRange Range => Job.Options.Range!;

    /// <summary>What all ranges have in common: the job without its range.</summary>
    [JsonIgnore]
    public ReplayJob Whole => Job with { Options = Job.Options with { Range = null } };

    /// <summary>The job without its range and what is expected, as text: equal for equal jobs.</summary>
    [JsonIgnore]
    public string WholeText => JsonSerializer.Serialize(Whole, ReportJson.Relaxed.ReplayJob) + Expect;

    /// <summary>Reads one.</summary>
    /// <exception cref="BadInputException">
    /// It holds something else, was changed since it was written, or is of another version of the harness.
    /// </exception>
    public static RangeFile Load(string path) =>
        SummedJson.Load(path, ResultJson.Relaxed.RangeFile, CurrentVersion, "result of a range", "the range")
            is { Job.Options.Range: not null } read
            ? read
            : throw new BadInputException($"{path}: is of no range; delete the file and run the range again");

    /// <summary>The file's text.</summary>
    public string ToJson() => SummedJson.Text(JsonSerializer.Serialize(this with { Sum = "" }, ResultJson.Relaxed.RangeFile));
}
