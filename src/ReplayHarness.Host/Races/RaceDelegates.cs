namespace ReplayHarness.Host.Races;

/// <summary>
/// Delegates that the agent's code makes of methods of objects which are not safe for two: who calls one uses the object. Each stand-in
/// has the name of its delegate's type.
/// </summary>
public static class RaceDelegates
{
    private static readonly HashSet<string> s_types = new(StringComparer.Ordinal)
    {
        "System.Action",
        "System.Action`1",
        "System.Action`2",
        "System.Func`1",
        "System.Func`2",
        "System.Func`3",
        "System.Predicate`1",
    };

    /// <summary>True for a type of delegates that has a stand-in.</summary>
    public static bool Has(string type) => s_types.Contains(type);

    /// <summary>Stands for an <see cref="System.Action"/>.</summary>
    public static Action Action(Action inner, int place, bool changes) =>
        () =>
        {
            Use(inner, place, changes);
            inner();
        };

    /// <summary>Stands for an <see cref="Action{T}"/>.</summary>
    public static Action<T> Action<T>(Action<T> inner, int place, bool changes) =>
        x =>
        {
            Use(inner, place, changes);
            inner(x);
        };

    /// <summary>Stands for an <see cref="Action{T1, T2}"/>.</summary>
    public static Action<T1, T2> Action<T1, T2>(Action<T1, T2> inner, int place, bool changes) =>
        (x, y) =>
        {
            Use(inner, place, changes);
            inner(x, y);
        };

    /// <summary>Stands for a <see cref="Func{TResult}"/>.</summary>
    public static Func<TResult> Func<TResult>(Func<TResult> inner, int place, bool changes) =>
        () =>
        {
            Use(inner, place, changes);
            return inner();
        };

    /// <summary>Stands for a <see cref="Func{T, TResult}"/>.</summary>
    public static Func<T, TResult> Func<T, TResult>(Func<T, TResult> inner, int place, bool changes) =>
        x =>
        {
            Use(inner, place, changes);
            return inner(x);
        };

    /// <summary>Stands for a <see cref="Func{T1, T2, TResult}"/>.</summary>
    public static Func<T1, T2, TResult> Func<T1, T2, TResult>(Func<T1, T2, TResult> inner, int place, bool changes) =>
        (x, y) =>
        {
            Use(inner, place, changes);
            return inner(x, y);
        };

    /// <summary>Stands for a <see cref="System.Predicate{T}"/>.</summary>
    public static Predicate<T> Predicate<T>(Predicate<T> inner, int place, bool changes) =>
        x =>
        {
            Use(inner, place, changes);
            return inner(x);
        };

    private static void Use(Delegate inner, int place, bool changes)
    {
        if (changes)
            RaceHooks.Change(inner.Target, place);
        else
            RaceHooks.Look(inner.Target, place);
    }
}
