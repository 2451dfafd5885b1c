using ReplayHarness.Replays.Races;

namespace ReplayHarness.Replays.Strategies;

/// <summary>
/// A given number of random schedules. Each choice is weighted by how many operations its chain of calls has left, as the captured schedule
/// showed: for chains that do not depend on each other every interleaving is then equally likely (uniform random walk, URW; Zhao et al.,
/// ASPLOS 2025).
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="schedules">How many schedules.</param>
/// <param name="left">
/// By operation, how many operations of its chain are left, itself included; 1 for one that is not known, and for all where this is null.
/// </param>
internal sealed class WeightedWalk(ulong seed, int schedules, IReadOnlyDictionary<string, int>? left = null) : IStrategy
{
    private int _run;
    private Xorshift _random;

    /// <summary>The number of the first of them; what a number draws depends on the seed alone.</summary>
    public int First
    {
        get;
        init => (field, _run) = (value, value);
    }

    /// <summary>True where the agent draws other random numbers in each schedule.</summary>
    public bool DrawsAnew { get; init; }

    /// <inheritdoc/>
    public Machine Machine { get; init; } = Machine.Usual;

    /// <inheritdoc/>
    public RaceWatch? Races { get; init; }

    public ulong? RandomSeed => DrawsAnew ? Xorshift.Word(seed, _run) : null;

    public void Begin() => _random = Xorshift.Of(seed, _run);

    public int Choose(Decision decision)
    {
        var at = _random.Below(decision.Enabled.Sum(LeftOf));
        for (var i = 0; ; i++)
        {
            at -= LeftOf(decision.Enabled[i]);
            if (at < 0)
                return i;
        }
    }

    private int LeftOf(Choice choice) => left?.GetValueOrDefault(choice.Label, 1) ?? 1;

    public bool Next(string? outcome) => ++_run < First + schedules;
}
