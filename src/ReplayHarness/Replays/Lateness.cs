namespace ReplayHarness.Replays;

/// <summary>
/// How late an answer may still become: which timers may fire before it although they are due after it. At first any; once one has, only
/// the others that were armed then, each of them once. So an agent that pauses again and again does not wait for ever.
/// </summary>
internal sealed class Lateness
{
    private List<VirtualTimer>? _left;

    /// <summary>True where no timer has fired first.</summary>
    public bool IsNone => _left is null;

    /// <summary>Whether a timer may fire first.</summary>
    public bool Allows(VirtualTimer timer) => _left is null || _left.Contains(timer);

    /// <summary>Notes that a timer has fired first.</summary>
    /// <param name="timer">The timer.</param>
    /// <param name="armed">All that were armed then.</param>
    public void Note(VirtualTimer timer, IEnumerable<VirtualTimer> armed)
    {
        _left ??= [.. armed.Where(t => t.Piece is null)];
        _left.Remove(timer);
    }
}
