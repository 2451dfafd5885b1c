namespace ReplayHarness.Replays;

/// <summary>What came of a replay that decides how the calls of one turn run.</summary>
/// <param name="Asked">What of the agent asked, by its name: <c>FunctionInvokingChatClient.AllowConcurrentInvocation</c>.</param>
/// <param name="Ran">Whether calls of one turn did run at once.</param>
internal sealed record CallsAtOnce(IReadOnlyList<string> Asked, bool Ran);

/// <summary>
/// How a replay has an agent run the calls of one turn: at once, or one after the other. Whatever decides that in an agent asks here first.
/// </summary>
/// <param name="atOnce">Whether they are to run at once.</param>
internal sealed class ToolsAtOnce(bool atOnce)
{
    private readonly SortedSet<string> _asked = new(StringComparer.Ordinal);

    private bool _ran;

    /// <summary>What came of it so far.</summary>
    public CallsAtOnce Facts => new([.. _asked], _ran);

    /// <summary>Calls of one turn did run at once.</summary>
    public void NoteRan() => _ran = true;

    /// <summary>What a switch of an agent says: what the replay wants, and its own setting where that wants nothing.</summary>
    /// <param name="own">Its own setting.</param>
    /// <param name="name">The switch.</param>
    public static bool Ask(bool own, string name)
    {
        if (ProcessState.Current?.ToolsAtOnce is not { } wanted)
            return own;
        return wanted.Answer(name);
    }

    private bool Answer(string name)
    {
        lock (_asked)
            _asked.Add(name);
        return atOnce;
    }
}
