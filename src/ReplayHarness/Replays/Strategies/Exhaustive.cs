namespace ReplayHarness.Replays.Strategies;

/// <summary>Every schedule, depth first: repeats the last one up to its deepest decision with an untried choice, and takes that.</summary>
internal sealed class Exhaustive : IStrategy
{
    private readonly List<(int Taken, int Count)> _path = [];
    private int _depth;

    public void Begin() => _depth = 0;

    public int Choose(IReadOnlyList<Choice> enabled)
    {
        if (_depth == _path.Count) _path.Add((0, enabled.Count));
        return _path[_depth++].Taken;
    }

    public bool Next()
    {
        _path.RemoveRange(_depth, _path.Count - _depth);
        while (_path.Count > 0)
        {
            var (taken, count) = _path[^1];
            if (taken + 1 < count)
            {
                _path[^1] = (taken + 1, count);
                return true;
            }
            _path.RemoveAt(_path.Count - 1);
        }
        return false;
    }
}
