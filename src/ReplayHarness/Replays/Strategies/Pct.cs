namespace ReplayHarness.Replays.Strategies;

/// <summary>
/// Probabilistic concurrency testing (PCT; Burckhardt et al., ASPLOS 2010): chains of calls have random priorities, the highest goes first,
/// and at d − 1 random decisions the one on top falls to the bottom. Finds a bug of depth d among n chains and k decisions with a
/// probability of at least 1 / (n · k^(d−1)) a schedule.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="schedules">How many schedules.</param>
/// <param name="depth">d: how many ordering constraints the bug needs.</param>
/// <param name="decisions">k: how many decisions a schedule has.</param>
internal sealed class Pct(ulong seed, int schedules, int depth, int decisions) : IStrategy
{
    private const int Lowest = -1_000_000;

    private readonly Dictionary<string, int> _priorities = new(StringComparer.Ordinal);
    private readonly HashSet<int> _changes = [];
    private int _run,
        _decision,
        _fallen;
    private Xorshift _random;

    /// <summary>The number of the first of them; what a number draws depends on the seed alone.</summary>
    public int First
    {
        get;
        init => (field, _run) = (value, value);
    }

    public ulong? RandomSeed => Xorshift.Word(seed, _run);

    public void Begin()
    {
        _random = Xorshift.Of(seed, _run);
        _priorities.Clear();
        _changes.Clear();
        (_decision, _fallen) = (0, 0);
        for (var i = 1; i < depth; i++)
            _changes.Add(_random.Below(Math.Max(1, decisions)));
    }

    public int Choose(Decision decision)
    {
        if (_changes.Contains(_decision++))
            _priorities[decision.Enabled[Highest(decision)].Chain] = Lowest - _fallen++;
        return Highest(decision);
    }

    public bool Next(string? outcome) => ++_run < First + schedules;

    private int Highest(Decision decision)
    {
        var best = 0;
        for (var i = 1; i < decision.Enabled.Count; i++)
            if (Priority(decision.Enabled[i].Chain) > Priority(decision.Enabled[best].Chain))
                best = i;
        return best;
    }

    private int Priority(string chain)
    {
        if (!_priorities.TryGetValue(chain, out var priority))
            _priorities[chain] = priority = _random.Below(1_000_000);
        return priority;
    }
}
