namespace ReplayHarness.Host.Races;

/// <summary>An access as it is remembered.</summary>
/// <param name="At">When it was.</param>
/// <param name="Place">Where.</param>
/// <param name="Occurrence">How often that place had been met.</param>
/// <param name="IsAtomic">Whether it was an atomic or volatile one.</param>
/// <param name="During">In which virtual time it was, and for what.</param>
/// <param name="Locks">The locks that were held.</param>
internal readonly record struct Access(Stamp At, int Place, int Occurrence, bool IsAtomic, Moment During, object[] Locks)
{
    /// <summary>True where one lock was held at both: in every order they come one after the other.</summary>
    public bool SharesLock(in Access other)
    {
        foreach (var mine in Locks)
        foreach (var its in other.Locks)
            if (ReferenceEquals(mine, its))
                return true;
        return false;
    }
}

/// <summary>
/// What is known of one variable: the last write, and the reads since that not every run orders (FastTrack, Flanagan and Freund 2009).
/// What this run alone has put in order, by a lock that is not held at both accesses or by an atomic access, is given too: what both
/// sides use before and after (a lock of a log, a counter, a container) orders them in each schedule, and guards nothing.
/// </summary>
internal sealed class Variable
{
    private Access _write,
        _read;
    private List<Access>? _reads;

    /// <summary>What its atomic writes have released.</summary>
    public Clock? Released { get; set; }

    /// <summary>True where it was written before.</summary>
    public bool IsWritten => _write.At.Epoch > 0;

    /// <summary>The last write.</summary>
    public Access LastWrite => _write;

    /// <summary>The same, for a part of what this stands for.</summary>
    public Variable Copy()
    {
        var copy = (Variable)MemberwiseClone();
        copy._reads = _reads is null ? null : [.. _reads];
        return copy;
    }

    /// <summary>Notes a read; the write that not every run puts before it, or null.</summary>
    public Access? Read(Access read, Clock clock)
    {
        if (_reads is null && _read.At == read.At)
            return null;
        Access? race = IsWritten && MayRace(_write, read, clock) ? _write : null;
        if (_reads is null)
        {
            if (_read.At.Epoch == 0 || clock.MustKnow(_read.At))
            {
                _read = read;
                return race;
            }
            _reads = [_read];
        }
        var same = _reads.FindIndex(r => r.At.Slot == read.At.Slot);
        if (same < 0)
            _reads.Add(read);
        else
            _reads[same] = read;
        return race;
    }

    /// <summary>Notes a write; the accesses that not every run puts before it, each with whether it was a write.</summary>
    public IEnumerable<(Access Access, bool IsWrite)> Write(Access write, Clock clock)
    {
        if (_write.At == write.At && _write.IsAtomic == write.IsAtomic)
            return [];
        List<(Access, bool)>? races = null;
        Look(_write, isWrite: true);
        if (_reads is null)
            Look(_read, isWrite: false);
        else
            foreach (var read in _reads)
                Look(read, isWrite: false);
        (_write, _read, _reads) = (write, default, null);
        return races ?? [];

        void Look(Access before, bool isWrite)
        {
            if (before.At.Epoch > 0 && MayRace(before, write, clock))
                (races ??= []).Add((before, isWrite));
        }
    }

    private static bool MayRace(in Access before, in Access after, Clock clock) =>
        !clock.MustKnow(before.At) && !(before.IsAtomic && after.IsAtomic) && !before.SharesLock(after);
}
