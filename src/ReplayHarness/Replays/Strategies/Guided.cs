using ReplayHarness.Replays.Races;

namespace ReplayHarness.Replays.Strategies;

/// <summary>
/// The choices of a schedule that ran, as far as they still can be taken, and then the captured order: for a schedule in which code is
/// stopped, where a later choice may not be the same.
/// </summary>
/// <param name="choices">The choices.</param>
internal sealed class Guided(IReadOnlyList<int> choices) : IStrategy
{
    private readonly CapturedOrder _captured = new();
    private int _next;

    /// <inheritdoc/>
    public RaceWatch? Races { get; init; }

    /// <inheritdoc/>
    public ulong? RandomSeed { get; init; }

    public void Begin() => _next = 0;

    public int Choose(Decision decision)
    {
        var wanted = _next < choices.Count ? choices[_next] : -1;
        _next++;
        return wanted >= 0 && wanted < decision.Enabled.Count ? wanted : _captured.Choose(decision);
    }

    public bool Next(string? outcome) => false;
}
