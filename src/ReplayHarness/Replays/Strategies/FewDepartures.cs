using ReplayHarness.Replays.Races;

namespace ReplayHarness.Replays.Strategies;

/// <summary>Every schedule that departs from the captured order in at most a given number of decisions, depth first.</summary>
internal sealed class FewDepartures(int most) : IStrategy
{
    private readonly List<(int Rank, int Count)> _path = [];
    private readonly CapturedOrder _captured = new();
    private int _depth;

    /// <inheritdoc/>
    public RaceWatch? Races { get; init; }

    /// <inheritdoc/>
    public ulong? RandomSeed { get; init; }

    public void Begin() => _depth = 0;

    public int Choose(Decision decision)
    {
        if (_depth == _path.Count)
            _path.Add((0, decision.Enabled.Count));
        var rank = _path[_depth++].Rank;
        var captured = _captured.Choose(decision);
        // Rank 0 is the captured choice, the others follow in their order.
        return rank == 0 ? captured
            : rank <= captured ? rank - 1
            : rank;
    }

    public bool Next(string? outcome)
    {
        _path.RemoveRange(_depth, _path.Count - _depth);
        while (_path.Count > 0)
        {
            var (rank, count) = _path[^1];
            var departures = _path.Take(_path.Count - 1).Count(p => p.Rank > 0);
            if (rank + 1 < count && departures < most)
            {
                _path[^1] = (rank + 1, count);
                return true;
            }
            _path.RemoveAt(_path.Count - 1);
        }
        return false;
    }
}
