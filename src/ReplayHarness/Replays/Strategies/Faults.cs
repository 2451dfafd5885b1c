namespace ReplayHarness.Replays.Strategies;

/// <summary>What goes wrong with an operation.</summary>
internal enum FaultKind
{
    None,

    /// <summary>It ends with a time-out.</summary>
    Timeout,

    /// <summary>It ends with the error of a server.</summary>
    Error,

    /// <summary>It never answers.</summary>
    Hang,

    /// <summary>It answers with nothing.</summary>
    Empty,

    /// <summary>It takes ten times as long.</summary>
    Slow,
}

/// <summary>Every placement of up to a given number of faults on the operations, in the captured order, depth first.</summary>
internal sealed class Faults(int most) : IStrategy
{
    private static readonly int s_kinds = Enum.GetValues<FaultKind>().Length;

    private readonly List<FaultKind> _path = [];
    private readonly CapturedOrder _order = new();
    private int _depth;

    public void Begin() => _depth = 0;

    public int Choose(Decision decision) => _order.Choose(decision);

    public FaultKind FaultOf(string label)
    {
        if (_depth == _path.Count)
            _path.Add(FaultKind.None);
        return _path[_depth++];
    }

    public bool Next(string? outcome)
    {
        _path.RemoveRange(_depth, _path.Count - _depth);
        while (_path.Count > 0)
        {
            var placedBefore = _path.Take(_path.Count - 1).Count(k => k != FaultKind.None);
            if (placedBefore < most && (int)_path[^1] + 1 < s_kinds)
            {
                _path[^1]++;
                return true;
            }
            _path.RemoveAt(_path.Count - 1);
        }
        return false;
    }
}
