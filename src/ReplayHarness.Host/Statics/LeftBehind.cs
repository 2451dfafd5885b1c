using ReplayHarness.Host.States;

namespace ReplayHarness.Host.Statics;

/// <summary>
/// What a schedule has given to the framework, which would go on calling it in the next one: handlers of its events, listeners, encodings.
/// It is taken back when the next schedule begins.
/// </summary>
internal static class LeftBehind
{
    private static readonly List<Entry> s_entries = [];

    private sealed record Entry(string Place, object What, bool IsKnownToStay, Action TakeBack);

    /// <summary>Something was given.</summary>
    /// <param name="place">Where.</param>
    /// <param name="what">Itself.</param>
    /// <param name="takeBack">Takes it back; called, too, where the agent has done so.</param>
    /// <param name="isKnownToStay">Whether it is seen when the agent takes it back.</param>
    public static void Add(string place, object what, Action takeBack, bool isKnownToStay)
    {
        lock (s_entries)
            s_entries.Add(new(place, what, isKnownToStay, takeBack));
    }

    /// <summary>The agent itself takes something back.</summary>
    public static void Remove(string place, object what)
    {
        lock (s_entries)
            if (s_entries.FindLastIndex(e => e.Place == place && e.What.Equals(what)) is >= 0 and var last)
                s_entries.RemoveAt(last);
    }

    /// <summary>True while something is given there.</summary>
    public static IReadOnlyList<T> At<T>(string place)
    {
        lock (s_entries)
            return [.. s_entries.Where(e => e.Place == place).Select(e => e.What).OfType<T>()];
    }

    /// <summary>Adds all of it to the hash of a state.</summary>
    public static void Visit(HeapWalk walk)
    {
        lock (s_entries)
            foreach (var entry in s_entries)
            {
                walk.Add(entry.Place);
                if (!entry.IsKnownToStay)
                    walk.Refuse(entry.What.GetType(), "whether it still listens cannot be read");
                else if (TypeTable.IsFramework(entry.What.GetType()) && entry.What is not (Delegate or string))
                    walk.Add(entry.What.GetType().FullName);
                else
                    walk.Visit(entry.What);
            }
    }

    /// <summary>A schedule begins.</summary>
    public static void Begin()
    {
        Entry[] entries;
        lock (s_entries)
        {
            entries = [.. s_entries];
            s_entries.Clear();
        }
        foreach (var entry in entries.Reverse())
            TakeBack(entry);
    }

    private static void TakeBack(Entry entry)
    {
        try
        {
            entry.TakeBack();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Code of an agent whose run is over: it shows nothing of the one that begins.
        }
    }
}
