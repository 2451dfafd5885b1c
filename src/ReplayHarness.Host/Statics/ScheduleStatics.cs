#pragma warning disable CA2211, CA1045 // Rewritten code reads the field at each access, and hands over its own by reference.
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Statics;

/// <summary>
/// The static fields of rewritten assemblies: a holder object for each type that is used in a schedule, and, of what is static to a thread,
/// for each thread. With the schedule they end, so that each begins as a fresh process does. Rewritten code calls this.
/// </summary>
public static class ScheduleStatics
{
    private static readonly object s_gate = new();
    private static readonly Dictionary<Type, int> s_initialising = [];
    private static readonly Dictionary<int, Type> s_waiting = [];
    private static readonly HashSet<Type> s_initialised = [];
    private static readonly SortedDictionary<string, TypeInitializationException> s_failed = new(StringComparer.Ordinal);
    private static readonly List<HeldStatics> s_held = [];
    private static readonly List<Action> s_modules = [];
    private static HeldStatics[]? s_sorted;

    /// <summary>Counts the schedules of this process: a holder of another one is not used again.</summary>
    public static int Epoch = 1;

    /// <summary>Ends the statics of the last schedule, and runs the module initialisers again.</summary>
    internal static void Begin()
    {
        lock (s_gate)
        {
            foreach (var held in s_held)
                held.GiveBack();
            Epoch++;
            s_held.Clear();
            s_sorted = null;
            s_initialising.Clear();
            s_waiting.Clear();
            s_initialised.Clear();
            s_failed.Clear();
        }
        foreach (var initialise in s_modules.ToArray())
            initialise();
    }

    /// <summary>What is held, in an order that does not depend on what was used first.</summary>
    internal static IReadOnlyList<HeldStatics> Held()
    {
        lock (s_gate)
            return s_sorted ??= [.. s_held.OrderBy(h => h.Name, StringComparer.Ordinal).ThenBy(h => h.Thread)];
    }

    /// <summary>The types whose initialisers have failed, by name.</summary>
    internal static IReadOnlyCollection<string> Failed()
    {
        lock (s_gate)
            return [.. s_failed.Keys];
    }

    /// <summary>A module was loaded; its initialiser has yet to run, now and in each schedule that follows.</summary>
    /// <param name="initialise">The module's initialiser.</param>
    public static void AddModule(Action initialise)
    {
        lock (s_gate)
            s_modules.Add(initialise);
    }

    /// <summary>
    /// A type is used for the first time in this schedule. As the runtime does: another thread waits until it is initialised, the one that
    /// initialises it sees it half done, and what has failed fails again with the same exception.
    /// </summary>
    /// <param name="holder">The type's holder.</param>
    /// <returns>True where this thread is to initialise it.</returns>
    public static bool Enter(RuntimeTypeHandle holder)
    {
        var (type, self) = (Type.GetTypeFromHandle(holder)!, Environment.CurrentManagedThreadId);
        lock (s_gate)
        {
            while (s_initialising.TryGetValue(type, out var thread))
            {
                if (thread == self || Waits(thread, self))
                    return false;
                Await(type, self);
            }
            if (s_failed.Count > 0 && s_failed.TryGetValue(HeldStatics.NameOf(type), out var failed))
                throw failed;
            if (s_initialised.Contains(type))
                return false;
            s_initialising[type] = self;
            return true;
        }
    }

    /// <summary>A holder is used from now on.</summary>
    /// <param name="holder">The holder.</param>
    public static void Add(object holder) => Add(new HeldStatics(holder, 0));

    /// <summary>A holder is used from now on, by this thread.</summary>
    /// <param name="holder">The holder.</param>
    public static void AddOfThread(object holder) => Add(new HeldStatics(holder, Environment.CurrentManagedThreadId));

    /// <summary>A type is initialised.</summary>
    /// <param name="holder">The type's holder.</param>
    /// <param name="epoch">The schedule for which the holder's type has one; untouched where that is over.</param>
    public static void Leave(RuntimeTypeHandle holder, ref int epoch)
    {
        var type = Type.GetTypeFromHandle(holder)!;
        lock (s_gate)
        {
            // What a schedule has left behind may come here when the next one runs.
            if (!IsInitialising(type))
                return;
            s_initialising.Remove(type);
            s_initialised.Add(type);
            epoch = Epoch;
            Monitor.PulseAll(s_gate);
        }
    }

    /// <summary>A static constructor has thrown.</summary>
    /// <param name="holder">The type's holder.</param>
    /// <param name="error">What it threw.</param>
    /// <param name="agents">Whether the type is the agent team's own.</param>
    /// <returns>What whoever used the type gets to see.</returns>
    public static Exception Fail(RuntimeTypeHandle holder, Exception error, bool agents)
    {
        var type = Type.GetTypeFromHandle(holder)!;
        var failed = new TypeInitializationException(type.DeclaringType!.FullName, error);
        lock (s_gate)
        {
            if (!IsInitialising(type))
                return failed;
            s_initialising.Remove(type);
            s_failed[HeldStatics.NameOf(type)] = failed;
            Monitor.PulseAll(s_gate);
        }
        if (agents)
            Kernel.Current?.NoteFailedInitialiser(type.DeclaringType.FullName!, error);
        return failed;
    }

    private static void Add(HeldStatics held)
    {
        lock (s_gate)
        {
            s_held.Add(held);
            s_sorted = null;
        }
    }

    private static bool IsInitialising(Type type) =>
        s_initialising.TryGetValue(type, out var thread) && thread == Environment.CurrentManagedThreadId;

    // True where a thread waits, over however many others, for what another one initialises: there the runtime lets that one go on.
    private static bool Waits(int thread, int other)
    {
        while (s_waiting.TryGetValue(thread, out var type) && s_initialising.TryGetValue(type, out thread))
            if (thread == other)
                return true;
        return false;
    }

    private static void Await(Type type, int self)
    {
        s_waiting[self] = type;
        try
        {
            Monitor.Wait(s_gate);
        }
        finally
        {
            s_waiting.Remove(self);
        }
    }
}
