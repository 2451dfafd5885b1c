using ReplayHarness.Replays.Races;

namespace ReplayHarness.Host.Races;

/// <content>What was found, each pair of places once.</content>
internal sealed partial class RaceDetector
{
    private readonly HashSet<(RaceKind, int, int, bool)> _found = [];

    private void Add(RaceKind kind, Access first, string did, int place, string does, bool isOrderedHere = false)
    {
        if (watch.IsLoose || !_found.Add((kind, first.Place, place, isOrderedHere)))
            return;
        var shared = PlaceTable.Current[place].Shared;
        watch.Add(
            new(kind, shared, Told(first.Place, first.Occurrence, did, first.During), Told(place, Math.Max(1, Met(place)), does, Now()))
            {
                IsOrderedHere = isOrderedHere,
            }
        );
    }

    private static RaceAccess Told(int place, int occurrence, string does, Moment during)
    {
        var known = PlaceTable.Current[place];
        return new(known.Name, Math.Max(1, occurrence), does, known.Method, known.Where, during.Serves)
        {
            Seconds = TimeSpan.FromTicks(during.Ticks).TotalSeconds,
            Tool = during.Tool,
            Point = known.Source,
        };
    }
}
