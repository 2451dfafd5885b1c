namespace ReplayHarness.Host.Races;

/// <summary>How often each place was met in the schedule.</summary>
internal sealed class Meetings
{
    // A loop of millions touches the same variables again and again.
    private const int MostOfASegment = 10_000;

    // Of thousands of places a schedule meets some, most of them beside each other.
    private const int OfAPage = 32;

    private Meeting[]?[] _pages = new Meeting[]?[8];

    private struct Meeting
    {
        public int Count,
            OfSegment;
        public Segment? Last;
    }

    /// <summary>How often a place was met.</summary>
    public int Of(int place) => place / OfAPage < _pages.Length && _pages[place / OfAPage] is { } page ? page[place % OfAPage].Count : 0;

    /// <summary>A place is met; false where the segment has met it so often that no more is to be learned.</summary>
    public bool Add(int place, Segment by)
    {
        var number = place / OfAPage;
        if (number >= _pages.Length)
            Array.Resize(ref _pages, Math.Max(number + 1, 2 * _pages.Length));
        ref var meeting = ref (_pages[number] ??= new Meeting[OfAPage])[place % OfAPage];
        meeting.Count++;
        if (meeting.Last != by)
            (meeting.Last, meeting.OfSegment) = (by, 0);
        return ++meeting.OfSegment <= MostOfASegment;
    }
}
