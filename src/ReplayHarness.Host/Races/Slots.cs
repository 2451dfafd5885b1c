using System.Runtime.InteropServices;

namespace ReplayHarness.Host.Races;

/// <summary>
/// The components of the clocks. A slot that has ended is taken over by a segment that knows all its past, so that there are as many as
/// segments that may be concurrent, and not as many as segments.
/// </summary>
internal sealed class Slots
{
    private readonly List<Slot> _slots = [];

    private struct Slot
    {
        public int Epoch,
            LastUsed;
        public bool IsLive;
    }

    /// <summary>Gives a segment a slot, where it has none, and notes that it does something now.</summary>
    public void Use(Segment segment)
    {
        if (segment.Slot == Segment.None)
            Take(segment);
        else if (!segment.IsDirty)
            Tick(segment);
        segment.IsDirty = true;
        CollectionsMarshal.AsSpan(_slots)[segment.Slot].LastUsed = segment.Epoch;
    }

    /// <summary>What a segment knows now; what it does from now on is not in it.</summary>
#pragma warning disable CA1822 // It belongs to Use, which begins the next epoch.
    public Clock Release(Segment segment)
#pragma warning restore CA1822
    {
        // The next thing that it does begins an epoch: one that was begun here would be known to whoever hears of the next release.
        segment.IsDirty = false;
        return segment.Clock;
    }

    /// <summary>The segment has ended.</summary>
    public void End(Segment segment)
    {
        if (segment.Slot != Segment.None)
            CollectionsMarshal.AsSpan(_slots)[segment.Slot].IsLive = false;
    }

    /// <summary>Everything that has happened so far.</summary>
    public Clock Everything()
    {
        int[] all = [.. _slots.Select(s => s.Epoch)];
        return new(all, all);
    }

    private void Take(Segment segment)
    {
        var slot = _slots.Count;
        for (var i = 0; i < _slots.Count && slot == _slots.Count; i++)
            if (!_slots[i].IsLive && segment.Clock.Knows(new(i, _slots[i].LastUsed)) && segment.Clock.MustKnow(new(i, _slots[i].LastUsed)))
                slot = i;
        if (slot == _slots.Count)
            _slots.Add(default);
        segment.Slot = slot;
        CollectionsMarshal.AsSpan(_slots)[slot].IsLive = true;
        Tick(segment);
    }

    private void Tick(Segment segment)
    {
        segment.Epoch = ++CollectionsMarshal.AsSpan(_slots)[segment.Slot].Epoch;
        segment.Clock = segment.Clock.With(segment.Now);
    }
}
