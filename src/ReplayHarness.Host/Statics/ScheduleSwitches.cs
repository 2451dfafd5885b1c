using ReplayHarness.Host.States;

namespace ReplayHarness.Host.Statics;

/// <summary>
/// What a schedule sets in <see cref="AppContext"/>. A switch cannot be unset there: the agent's own code sees those of its schedule, and
/// beside them what stood before the first; others see one that was not set as one that is off.
/// </summary>
internal static class ScheduleSwitches
{
    private static readonly SortedDictionary<string, bool> s_set = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, bool?> s_before = new(StringComparer.Ordinal);
    private static readonly SortedDictionary<string, object?> s_data = new(StringComparer.Ordinal);

    /// <summary>Sets a switch.</summary>
    public static void Set(string name, bool value)
    {
        lock (s_set)
        {
            s_before.TryAdd(name, AppContext.TryGetSwitch(name, out var before) ? before : null);
            s_set[name] = value;
        }
        AppContext.SetSwitch(name, value);
    }

    /// <summary>The value of a switch; null where none is set.</summary>
    public static bool? Get(string name)
    {
        lock (s_set)
            return s_set.TryGetValue(name, out var value) ? value
                : s_before.TryGetValue(name, out var before) ? before
                : AppContext.TryGetSwitch(name, out value) ? value
                : null;
    }

    /// <summary>Sets any other value.</summary>
    public static void SetData(string name, object? data)
    {
        lock (s_set)
            s_data.TryAdd(name, AppContext.GetData(name));
        AppContext.SetData(name, data);
    }

    /// <summary>A schedule begins.</summary>
    public static void Begin()
    {
        lock (s_set)
        {
            foreach (var name in s_set.Keys)
                AppContext.SetSwitch(name, s_before[name] ?? false);
            s_set.Clear();
            foreach (var (name, before) in s_data)
                AppContext.SetData(name, before);
            s_data.Clear();
        }
    }

    /// <summary>Adds what was set to the hash of a state.</summary>
    public static void Visit(HeapWalk walk)
    {
        lock (s_set)
        {
            foreach (var (name, value) in s_set)
            {
                walk.Add(name);
                walk.Add(value ? 1UL : 0UL);
            }
            foreach (var name in s_data.Keys)
            {
                walk.Add(name);
                walk.Visit(AppContext.GetData(name));
            }
        }
    }
}
