using System.Text.Json.Serialization;
using ReplayHarness.Fixtures;
using ReplayHarness.Running.Ranges;

namespace ReplayHarness.Running;

/// <summary>
/// How a fixture is replayed against an agent. The defaults explore every order of answers and timers, and match strictly.
/// </summary>
public sealed record ReplayOptions
{
    /// <summary>Which schedules are replayed.</summary>
    public Schedules Schedules { get; init; } = Schedules.All;

    /// <summary>The seed of random schedules: the same seed draws the same ones everywhere.</summary>
    public ulong Seed { get; init; }

    /// <summary>The most that is explored for one hypothesis.</summary>
    public Budget Budget { get; init; } = Budget.Default;

    /// <summary>
    /// How much processor time one step of a replay may take before it counts as stuck; above 0. A step that only waits, for something
    /// outside the replay, may take three times as long.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or less.</exception>
    public TimeSpan StepLimit
    {
        get;
        init =>
            field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "expected a time above 0");
    } = TimeSpan.FromSeconds(10);

    /// <summary>How strictly the agent's calls are matched to what the fixture holds.</summary>
    public Matching Matching { get; init; } = Matching.Strict;

    /// <summary>
    /// Whether races between two awaits are looked for, after the orders of answers; <see cref="Schedules.Races"/> looks for nothing else.
    /// </summary>
    public bool Races { get; init; } = true;

    /// <summary>The names of the hypotheses that are replayed; empty for all that the fixture holds.</summary>
    public IReadOnlyList<string> Hypotheses { get; init; } = [];

    /// <summary>The range of the schedules that runs here, to be judged elsewhere; null for all.</summary>
    [JsonInclude]
    internal ScheduleRange? Range { get; init; }

    /// <summary>What the ranges showed that others ran, in their order, by hypothesis; null where all schedules run here.</summary>
    [JsonInclude]
    internal IReadOnlyList<IReadOnlyList<HypothesisRange>>? Others { get; init; }
}
