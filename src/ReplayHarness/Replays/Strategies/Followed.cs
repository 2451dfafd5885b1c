using ReplayHarness.Replays.Races;

namespace ReplayHarness.Replays.Strategies;

/// <summary>One schedule, exactly as it was written down; at the first step that is different it stops and says how.</summary>
internal sealed class Followed(IReadOnlyList<ScheduleStep> steps, ulong? randomSeed = null) : IStrategy
{
    private int _next;

    /// <summary>The schedule of a file.</summary>
    public static Followed Of(ScheduleFile file) =>
        new(file.Steps, file.RandomSeed) { Races = file.Preemption is null ? null : new(file.Preemption) };

    /// <inheritdoc/>
    public RaceWatch? Races { get; init; }

    public bool SeesForcedSteps => true;

    public ulong? RandomSeed => randomSeed;

    /// <summary>Where the replay left the schedule; null while it follows it.</summary>
    public string? Difference { get; private set; }

    public void Begin() => (_next, Difference) = (0, null);

    public int Choose(Decision decision)
    {
        var number = _next + 1;
        var actual = Describe(ScheduleStep.SecondsOf(decision.NowTicks), decision.Enabled.Select(c => c.Label));
        if (_next == steps.Count)
            return Leave($"step {number}: the schedule ends here; the replay goes on {actual}");
        var step = steps[_next++];
        var expected = Describe(step.Seconds, step.Enabled);
        if (actual != expected)
            return Leave($"step {number}: expected {expected}; actual {actual}");
        var chosen = step.Enabled.ToList().IndexOf(step.Chosen);
        return chosen >= 0 ? chosen : Leave($"step {number}: {step.Chosen} is chosen, but not enabled ({string.Join(", ", step.Enabled)})");
    }

    public bool Next(string? outcome)
    {
        if (Difference is null && _next < steps.Count)
            Difference = $"step {_next + 1}: expected {steps[_next].Chosen}; actual: the replay ended after step {_next}";
        return false;
    }

    private int Leave(string difference)
    {
        Difference = difference;
        return Decision.Leave;
    }

    private static string Describe(double seconds, IEnumerable<string> enabled) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at {seconds} s {{{string.Join(", ", enabled)}}}");
}
