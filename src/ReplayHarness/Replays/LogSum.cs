namespace ReplayHarness.Replays;

/// <summary>
/// A hash over the logs of many schedules. It is a sum over them, so that their order does not matter, nor who ran which: equal sums mean
/// equal replays.
/// </summary>
internal struct LogSum
{
    public ulong Value { get; private set; }

    /// <summary>Adds a schedule: the choices that make it, and the hash of its log.</summary>
    public void Add(IReadOnlyList<int> choices, ulong log)
    {
        var word = KernelLog.Mix(KernelLog.Empty, log);
        foreach (var choice in choices)
            word = KernelLog.Mix(word, (ulong)choice);
        Value += Spread(word);
    }

    /// <summary>Adds the schedules of another sum.</summary>
    public void Add(ulong others) => Value += others;

    /// <summary>Adds what another sum stands for, under a name.</summary>
    public void Add(string name, LogSum other)
    {
        var word = KernelLog.Mix(KernelLog.Empty, other.Value);
        foreach (var c in name)
            word = KernelLog.Mix(word, c);
        Value += Spread(word);
    }

    // Words that differ in one bit must not differ in one bit of the sum only.
    private static ulong Spread(ulong word)
    {
        word = (word ^ (word >> 33)) * 0xFF51AFD7ED558CCDUL;
        return word ^ (word >> 33);
    }
}
