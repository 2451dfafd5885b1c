namespace ReplayHarness.Replays.Strategies;

/// <summary>One schedule that begins with given choices, to see how many there are after them.</summary>
/// <param name="prefix">The choices of the first decisions; the first choice is taken at all others.</param>
internal sealed class Probe(IReadOnlyList<int> prefix) : IStrategy
{
    private int _decisions;

    /// <inheritdoc/>
    public bool InterleavesItems { get; init; }

    /// <summary>How many choices the decision behind them had; 0 where the schedule ended before.</summary>
    public int Choices { get; private set; }

    public void Begin() => (_decisions, Choices) = (0, 0);

    public int Choose(Decision decision)
    {
        var at = _decisions++;
        if (at == prefix.Count)
            Choices = decision.Enabled.Count;
        return at < prefix.Count ? prefix[at] : 0;
    }

    public bool Next(string? outcome) => false;
}
