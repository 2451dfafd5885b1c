namespace ReplayHarness.Host.Races;

/// <summary>How often each place was met in the schedule.</summary>
internal sealed class Meetings
{
    // A loop of millions touches the same variables again and again.
    private const int MostOfASegment = 10_000;

    private Meeting[] _places = new Meeting[256];

    private struct Meeting
    {
        public int Count,
            OfSegment;
        public Segment? Last;
    }

    /// <summary>How often a place was met.</summary>
    public int Of(int place) => place < _places.Length ? _places[place].Count : 0;

    /// <summary>A place is met; false where the segment has met it so often that no more is to be learned.</summary>
    public bool Add(int place, Segment by)
    {
        if (place >= _places.Length)
            Array.Resize(ref _places, Math.Max(place + 1, 2 * _places.Length));
        ref var meeting = ref _places[place];
        meeting.Count++;
        if (meeting.Last != by)
            (meeting.Last, meeting.OfSegment) = (by, 0);
        return ++meeting.OfSegment <= MostOfASegment;
    }
}
