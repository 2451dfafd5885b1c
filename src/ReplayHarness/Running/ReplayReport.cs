using System.Text.Json.Serialization;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Running.Ranges;

namespace ReplayHarness.Running;

/// <summary>The failure that a fixture was captured of.</summary>
/// <param name="Incident">The incident's name.</param>
/// <param name="Fingerprint">The fingerprint of its failure shape.</param>
public sealed record CapturedFailure(string Incident, string Fingerprint);

/// <summary>
/// Everything a replay job has to say. As JSON it is what the command line prints; its schema is published as
/// <c>docs/report.schema.json</c>.
/// </summary>
public sealed record ReplayReport
{
    /// <summary>The version of the report's JSON form.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the JSON form that this one has.</summary>
    public int SchemaVersion { get; init; } = CurrentVersion;

    /// <summary>What was replayed.</summary>
    [JsonIgnore]
    internal ReplayJob Job { get; init; } = new() { Fixture = "" };

    /// <summary>The failure that was captured.</summary>
    public required CapturedFailure Captured { get; init; }

    /// <summary>
    /// The .NET runtime on which the agent was replayed, and those that replays are tested with; empty for an agent in another process.
    /// </summary>
    public string Runtime { get; init; } = "";

    /// <summary>All hypotheses together.</summary>
    public required VerdictKind Verdict { get; init; }

    /// <summary>A sentence for a person.</summary>
    public required string Sentence { get; init; }

    /// <summary>Each hypothesis.</summary>
    public required IReadOnlyList<HypothesisVerdict> Hypotheses { get; init; }

    /// <summary>What "all schedules" held, as a sentence; null where no hypothesis claims all of them.</summary>
    public string? AllMeans { get; init; }

    /// <summary>What was not controlled.</summary>
    public required IReadOnlyList<string> Uncontrolled { get; init; }

    /// <summary>
    /// What a mock stands for that nobody wrote: clients of the agent's own, responses of its backend; sentences without their full stops.
    /// Null where there is nothing to say.
    /// </summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>
    /// Whether the calls of one turn ran at once, and what asked for it; null where that was the agent's own affair.
    /// </summary>
    internal CallsAtOnce? AtOnce { get; init; }

    /// <summary>What the range showed that ran, by hypothesis; null where all schedules ran.</summary>
    [JsonIgnore]
    internal IReadOnlyList<HypothesisRange>? Ranges { get; init; }

    /// <summary>The seed of random schedules.</summary>
    public required ulong Seed { get; init; }

    /// <summary>A hash over the logs of all schedules of every hypothesis, whatever their order: equal hashes mean equal replays.</summary>
    public required string LogHash { get; init; }

    /// <summary>Virtual time that passed in all schedules, in seconds.</summary>
    public required double VirtualSeconds { get; init; }

    /// <summary>The command that shows it again; null where nobody said one.</summary>
    public string? Rerun { get; init; }

    /// <summary>The report without what is only for looking at single schedules: their traces.</summary>
    internal ReplayReport WithoutTraces() =>
        this with
        {
            Hypotheses =
            [
                .. Hypotheses.Select(h =>
                    h with
                    {
                        Trace = null,
                        Races = [.. h.Races.Select(r => r with { Trace = null })],
                        Explanation = h.Explanation is { } why ? why with { Trace = null, Races = [] } : null,
                    }
                ),
            ],
        };
}
