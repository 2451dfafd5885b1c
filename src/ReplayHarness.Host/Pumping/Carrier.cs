#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Pumping;

/// <summary>A thread that may run agent code. Exactly one carrier holds the baton at any time; the others are parked.</summary>
internal sealed class Carrier
{
    [ThreadStatic]
    private static Carrier? t_current;

    // So many that hardly anything that goes on later does so where it began.
    private const int Several = 8;

    private static readonly Stack<Carrier> s_idle = new();
    private readonly SemaphoreSlim _baton = new(0, 1);

    /// <summary>The carrier of this thread, or null on a thread that the kernel does not own.</summary>
    public static Carrier? Current => t_current;

    /// <summary>Makes this thread a carrier that already holds the baton.</summary>
    public static Carrier AdoptThisThread() => t_current ??= new Carrier();

    /// <summary>An idle carrier, or a new one that will run <paramref name="body"/> over and over once it holds the baton.</summary>
    public static Carrier Take(Action body) => s_idle.TryPop(out var idle) ? idle : New(body);

    /// <summary>One of several idle carriers, another with nearly every number.</summary>
    public static Carrier TakeAny(Action body, uint number)
    {
        if (s_idle.Count < Several)
            return New(body);
        var any = s_idle.ElementAt((int)((number * 2_654_435_761u >> 16) % (uint)s_idle.Count));
        TakeIdle(any);
        return any;
    }

    private static Carrier New(Action body)
    {
        var carrier = new Carrier();
        new Thread(() => carrier.Serve(body)) { IsBackground = true, Name = "replay carrier" }.UnsafeStart();
        return carrier;
    }

    /// <summary>Takes a given carrier out of the idle ones; false where it is not idle.</summary>
    public static bool TakeIdle(Carrier carrier)
    {
        if (!s_idle.Contains(carrier))
            return false;
        var others = s_idle.Where(c => c != carrier).Reverse().ToArray();
        s_idle.Clear();
        foreach (var other in others)
            s_idle.Push(other);
        return true;
    }

    /// <summary>Hands the baton to another carrier and parks this one, as idle where it has nothing of its own to return to.</summary>
    public void HandTo(Carrier other, bool becomeIdle)
    {
        // Parking must not itself be intercepted as a blocking wait of the agent.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        if (becomeIdle)
            s_idle.Push(this);
        var races = RaceDetector.Current;
        var paused = races?.Pause();
        other._baton.Release();
        _baton.Wait();
        races?.Resume(paused);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    /// <summary>Makes the current thread this carrier, and parks it until it is given the baton.</summary>
    public void AdoptThisThreadAndWait()
    {
        t_current = this;
        _baton.Wait();
        SharedRandom.InstallOnThisThread();
    }

    /// <summary>Gives the baton to another carrier; this thread ends.</summary>
    public static void Leave(Carrier next)
    {
        t_current = null;
        SynchronizationContext.SetSynchronizationContext(null);
        next._baton.Release();
    }

    private void Serve(Action body)
    {
        t_current = this;
        _baton.Wait();
        SharedRandom.InstallOnThisThread();
        while (true)
            body();
    }
}
