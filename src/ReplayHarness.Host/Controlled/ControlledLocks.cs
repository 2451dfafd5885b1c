using ReplayHarness.Host.Races;
using ReplayHarness.Host.Rewriting;

#pragma warning disable CS9216 // The object of a Lock stands for it where orders are remembered; nobody locks that.
namespace ReplayHarness.Host.Controlled;

/// <summary>Locks: who takes one goes on after who gave it back. A package's locks order the agent's code as its own do.</summary>
public static class ControlledLocks
{
    /// <summary>Instead of <see cref="Monitor.Enter(object)"/>.</summary>
    [Replaces(typeof(Monitor), "Enter", From = Caller.Library)]
    public static void Enter(object obj)
    {
        Monitor.Enter(obj);
        Taken(obj, true);
    }

    /// <summary>Instead of <see cref="Monitor.Enter(object, ref bool)"/>.</summary>
    [Replaces(typeof(Monitor), "Enter", From = Caller.Library)]
    public static void Enter(object obj, ref bool lockTaken)
    {
        Monitor.Enter(obj, ref lockTaken);
        Taken(obj, lockTaken);
    }

    /// <summary>Instead of <see cref="Monitor.TryEnter(object)"/>.</summary>
    [Replaces(typeof(Monitor), "TryEnter", From = Caller.Library)]
    public static bool TryEnter(object obj) => Tried(obj, Monitor.TryEnter(obj));

    /// <summary>Instead of <see cref="Monitor.TryEnter(object, ref bool)"/>.</summary>
    [Replaces(typeof(Monitor), "TryEnter", From = Caller.Library)]
    public static void TryEnter(object obj, ref bool lockTaken)
    {
        Monitor.TryEnter(obj, ref lockTaken);
        Tried(obj, lockTaken);
    }

    /// <summary>Instead of <see cref="Monitor.TryEnter(object, int)"/>.</summary>
    [Replaces(typeof(Monitor), "TryEnter", From = Caller.Library)]
    public static bool TryEnter(object obj, int millisecondsTimeout) => Tried(obj, Monitor.TryEnter(obj, millisecondsTimeout));

    /// <summary>Instead of <see cref="Monitor.TryEnter(object, TimeSpan)"/>.</summary>
    [Replaces(typeof(Monitor), "TryEnter", From = Caller.Library)]
    public static bool TryEnter(object obj, TimeSpan timeout) => Tried(obj, Monitor.TryEnter(obj, timeout));

    /// <summary>Instead of <see cref="Monitor.TryEnter(object, int, ref bool)"/>.</summary>
    [Replaces(typeof(Monitor), "TryEnter", From = Caller.Library)]
    public static void TryEnter(object obj, int millisecondsTimeout, ref bool lockTaken)
    {
        Monitor.TryEnter(obj, millisecondsTimeout, ref lockTaken);
        Tried(obj, lockTaken);
    }

    /// <summary>Instead of <see cref="Monitor.Exit"/>.</summary>
    [Replaces(typeof(Monitor), "Exit", From = Caller.Library)]
    public static void Exit(object obj)
    {
        RaceDetector.Here?.Unlock(obj);
        Monitor.Exit(obj);
    }

    /// <summary>Instead of <see cref="Monitor.Wait(object)"/>.</summary>
    [Replaces(typeof(Monitor), "Wait", From = Caller.Library)]
    public static bool Wait(object obj) => Waited(obj, Timeout.Infinite);

    /// <summary>Instead of <see cref="Monitor.Wait(object, int)"/>.</summary>
    [Replaces(typeof(Monitor), "Wait", From = Caller.Library)]
    public static bool Wait(object obj, int millisecondsTimeout) => Waited(obj, millisecondsTimeout);

    /// <summary>Instead of <see cref="Monitor.Wait(object, TimeSpan)"/>.</summary>
    [Replaces(typeof(Monitor), "Wait", From = Caller.Library)]
    public static bool Wait(object obj, TimeSpan timeout) => Waited(obj, (int)timeout.TotalMilliseconds);

    /// <summary>Instead of <see cref="Lock.Enter"/>.</summary>
    [Replaces(typeof(Lock), "Enter", Instance = true, From = Caller.Library)]
    public static void Enter(Lock gate)
    {
        gate.Enter();
        Taken(gate, true);
    }

    /// <summary>Instead of <see cref="Lock.TryEnter()"/>.</summary>
    [Replaces(typeof(Lock), "TryEnter", Instance = true, From = Caller.Library)]
    public static bool TryEnter(Lock gate) => Tried(gate, gate.TryEnter());

    /// <summary>Instead of <see cref="Lock.TryEnter(int)"/>.</summary>
    [Replaces(typeof(Lock), "TryEnter", Instance = true, From = Caller.Library)]
    public static bool TryEnter(Lock gate, int millisecondsTimeout) => Tried(gate, gate.TryEnter(millisecondsTimeout));

    /// <summary>Instead of <see cref="Lock.TryEnter(TimeSpan)"/>.</summary>
    [Replaces(typeof(Lock), "TryEnter", Instance = true, From = Caller.Library)]
    public static bool TryEnter(Lock gate, TimeSpan timeout) => Tried(gate, gate.TryEnter(timeout));

    /// <summary>Instead of <see cref="Lock.Exit"/>.</summary>
    [Replaces(typeof(Lock), "Exit", Instance = true, From = Caller.Library)]
    public static void Exit(Lock gate)
    {
        RaceDetector.Here?.Unlock(gate);
        gate.Exit();
    }

    /// <summary>Instead of <see cref="Lock.EnterScope"/>.</summary>
    [Replaces(typeof(Lock), "EnterScope", Instance = true, From = Caller.Library)]
    public static Lock.Scope EnterScope(Lock gate)
    {
        var scope = gate.EnterScope();
        Taken(gate, true);
        return scope;
    }

    /// <summary>Instead of the end of a scope, which says nothing of its lock: it is the one that was taken last.</summary>
    [Replaces(typeof(Lock.Scope), "Dispose", Instance = true, From = Caller.Library)]
    public static void Dispose(ref Lock.Scope scope)
    {
        RaceDetector.Here?.UnlockLast();
        scope.Dispose();
    }

    private static void Taken(object gate, bool taken) => RaceDetector.Here?.Lock(gate, taken);

    private static bool Tried(object gate, bool taken)
    {
        RaceDetector.Here?.Lock(gate, taken, isSure: false);
        return taken;
    }

    private static bool Waited(object gate, int milliseconds)
    {
        RaceDetector.Here?.Release(gate);
        var pulsed = Monitor.Wait(gate, milliseconds);
        RaceDetector.Here?.Acquire(gate, always: false);
        return pulsed;
    }
}
