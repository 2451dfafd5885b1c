namespace ReplayHarness.Replays.Strategies;

/// <summary>
/// A given number of random schedules. Each choice is weighted by how many operations its chain of calls has left, as the captured schedule
/// showed: for chains that do not depend on each other every interleaving is then equally likely (uniform random walk, URW; Zhao et al.,
/// ASPLOS 2025).
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="schedules">How many schedules.</param>
/// <param name="left">By operation, how many operations of its chain are left, itself included; 1 for one that is not known.</param>
internal sealed class WeightedWalk(ulong seed, int schedules, IReadOnlyDictionary<string, int> left) : IStrategy
{
    private int _run;
    private Xorshift _random;

    /// <summary>True where the agent draws other random numbers in each schedule.</summary>
    public bool DrawsAnew { get; init; }

    /// <inheritdoc/>
    public bool ChangesThreads { get; init; }

    public ulong? RandomSeed => DrawsAnew ? Xorshift.Word(seed, _run) : null;

    public void Begin() => _random = Xorshift.Of(seed, _run);

    public int Choose(Decision decision)
    {
        var at = _random.Below(decision.Enabled.Sum(c => left.GetValueOrDefault(c.Label, 1)));
        for (var i = 0; ; i++)
        {
            at -= left.GetValueOrDefault(decision.Enabled[i].Label, 1);
            if (at < 0)
                return i;
        }
    }

    public bool Next(string? outcome) => ++_run < schedules;
}
