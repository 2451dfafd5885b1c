using System.Runtime.CompilerServices;

namespace ReplayHarness.Host.Races;

/// <summary>
/// What rewritten agent code says of what it does between two awaits. Where nobody watches, nothing happens.
/// </summary>
public static partial class RaceHooks
{
    private static readonly object s_passing = new();

    /// <summary>A field is about to be read.</summary>
    public static void Read(object? target, int member, int place)
    {
        if (RaceDetector.Current is not null && target is not null)
            Memory(target, member, place, write: false);
    }

    /// <summary>A field is about to be written.</summary>
    public static void Write(object? target, int member, int place)
    {
        if (RaceDetector.Current is not null && target is not null)
            Memory(target, member, place, write: true);
    }

    /// <summary>A static field is about to be read.</summary>
    public static void ReadStatic(RuntimeTypeHandle type, int member, int place)
    {
        if (RaceDetector.Current is not null)
            Memory(Type.GetTypeFromHandle(type)!, member, place, write: false);
    }

    /// <summary>A static field is about to be written.</summary>
    public static void WriteStatic(RuntimeTypeHandle type, int member, int place)
    {
        if (RaceDetector.Current is not null)
            Memory(Type.GetTypeFromHandle(type)!, member, place, write: true);
    }

    /// <summary>A field is about to be read or written atomically; <paramref name="kind"/> is an <see cref="AtomicKind"/>.</summary>
    public static void Atomic(object? target, int member, int place, int kind)
    {
        if (RaceDetector.Current is not null && target is not null)
            AtomicMemory(target, member, place, (AtomicKind)kind);
    }

    /// <summary>A static field is about to be read or written atomically.</summary>
    public static void AtomicStatic(RuntimeTypeHandle type, int member, int place, int kind)
    {
        if (RaceDetector.Current is not null)
            AtomicMemory(Type.GetTypeFromHandle(type)!, member, place, (AtomicKind)kind);
    }

    /// <summary>A call that only looks into an object that is not safe for two is about to be made.</summary>
    public static void Look(object? target, int place)
    {
        if (RaceDetector.Current is not null && target is not null && IsUnsafe(target.GetType()))
            Memory(target, RaceDetector.Whole, place, write: false);
    }

    /// <summary>A call that changes an object that is not safe for two is about to be made.</summary>
    public static void Change(object? target, int place)
    {
        if (RaceDetector.Current is not null && target is not null && IsUnsafe(target.GetType()))
            Memory(target, RaceDetector.Whole, place, write: true);
    }

    // By our table, or by what the fixture says.
    private static bool IsUnsafe(Type type) => UnsafeTypes.IsUnsafe(type) || RaceDetector.Here?.ChangesUnsafe(type, "") is not null;

    /// <summary>A member of a package is about to be called, of whose types the fixture may say that they are not safe for two.</summary>
    public static void CallPackage(object? target, string member, int place)
    {
        if (target is not null && RaceDetector.Here is { } here && here.ChangesUnsafe(target.GetType(), member) is { } changes)
            Memory(target, RaceDetector.Whole, place, changes);
    }

    /// <summary>What was read is about to be written: somebody may come between.</summary>
    public static void Stop(int place) => RaceDetector.Here?.At(place);

    /// <summary>A call is about to be made that waits for others, or lets them go on.</summary>
    public static void At(int place)
    {
        if (RaceDetector.Here is { } here)
            here.MeetCall(place);
    }

    /// <summary>Whoever runs goes on after what an object released.</summary>
    public static void Acquire(object? of)
    {
        if (of is not null && RaceDetector.Here is { } here)
            here.Acquire(of, always: false);
    }

    /// <summary>Whoever acquires the object later goes on after this.</summary>
    public static void Release(object? of)
    {
        if (of is not null && RaceDetector.Here is { } here)
            here.Release(of);
    }

    /// <summary>Both: calls into the object come one after the other.</summary>
    public static void Exchange(object? of)
    {
        Acquire(of);
        Release(of);
    }

    /// <summary>A static field is about to be used: what its type's initialiser did comes before.</summary>
    public static void UseStatics(RuntimeTypeHandle type)
    {
        if (RaceDetector.Current is not null)
            RaceDetector.Here?.Acquire(Type.GetTypeFromHandle(type)!, always: true);
    }

    /// <summary>The initialiser of a type is about to end.</summary>
    public static void EndStatics(RuntimeTypeHandle type)
    {
        if (RaceDetector.Current is not null)
            Release(Type.GetTypeFromHandle(type));
    }

    /// <summary>A container, a cache or a channel gives to one what another has made, and locks within: one stands for all.</summary>
    public static void PassOn(object? of) => Exchange(s_passing);

    /// <summary>A lock that several readers may hold was taken by one who writes.</summary>
    public static void EnterWrite(object? of)
    {
        if (of is null || RaceDetector.Here is not { } here)
            return;
        here.Acquire(of, always: false);
        here.Acquire(here.ReadersOf(of), always: false);
    }

    /// <summary>One who reads gives it back: who writes comes after, and no other reader.</summary>
    public static void ExitRead(object? of)
    {
        if (of is not null && RaceDetector.Here is { } here)
            here.Release(here.ReadersOf(of));
    }

    /// <summary>What belongs to the thread is about to be used: what ran on it before comes before, and its next piece after.</summary>
    public static void UseOfThread(object? of) => RaceDetector.Here?.UseThread();

    /// <summary>Code is handed to what runs it in an order of its own, of which nothing is seen.</summary>
    public static void LoseOrder() => RaceDetector.Here?.LoseOrder();

    /// <summary>A permit was taken.</summary>
    public static void Take(SemaphoreSlim? semaphore)
    {
        if (semaphore is not null && RaceDetector.Here is { } here)
            here.Take(semaphore, semaphore.CurrentCount);
    }

    /// <summary>A permit will be waited for.</summary>
    public static void Ask(SemaphoreSlim? semaphore)
    {
        if (semaphore is not null && RaceDetector.Here is { } here)
            here.Ask(semaphore, semaphore.CurrentCount);
    }

    /// <summary>A permit will be given back.</summary>
    public static void Give(SemaphoreSlim? semaphore)
    {
        if (semaphore is not null && RaceDetector.Here is { } here)
            here.Give(semaphore, semaphore.CurrentCount);
    }

    /// <summary>Whoever runs goes on after everything: which of several workers did what, nobody tells.</summary>
    public static void KnowAll() => RaceDetector.Here?.KnowAll();

    /// <summary>Agent code has got a task from somewhere: its end is heard.</summary>
    public static void Hear(Task? task)
    {
        if (task is not null && RaceDetector.Here is { } here)
            here.Hear(task);
    }

    /// <summary>Agent code waits for a task, or asks it for its result.</summary>
    public static void Await(Task? task)
    {
        if (task is null || RaceDetector.Here is not { } here)
            return;
        here.Await(task);
        if (task.IsCanceled)
            HearCancelled();
    }

    /// <summary>An async method is about to wait; what it gets, it gives to <see cref="Continue"/> when it goes on.</summary>
    public static object? Suspend() => RaceDetector.Here?.Known();

    /// <summary>An async method goes on, or begins.</summary>
    public static void Continue(object? suspended)
    {
        if (suspended is Origin origin && RaceDetector.Here is { } here)
            here.GoOn(origin);
    }

    /// <summary>An async method is about to end its task.</summary>
    public static void End(object? suspended, ref AsyncTaskMethodBuilder builder)
    {
        if (suspended is not null && RaceDetector.Here is { } here)
            here.Completed(builder.Task);
    }

    /// <summary>An async method is about to end its task.</summary>
    public static void End<T>(object? suspended, ref AsyncTaskMethodBuilder<T> builder)
    {
        if (suspended is not null && RaceDetector.Here is { } here)
            here.Completed(builder.Task);
    }

    private static void Memory(object target, int member, int place, bool write)
    {
        if (RaceDetector.Here is not { } here)
            return;
        if (!here.At(place))
            return;
        var parts = here.PartsOf(target, member);
        Access(member);
        foreach (var part in parts)
            Access(part);

        void Access(int one)
        {
            if (write)
                here.Write(target, one, place);
            else
                here.Read(target, one, place);
        }
    }

    private static void AtomicMemory(object target, int member, int place, AtomicKind kind)
    {
        if (RaceDetector.Here is not { } here)
            return;
        // However often it is met: what it puts in order must not be lost.
        here.At(place);
        var parts = here.PartsOf(target, member);
        here.Atomic(target, member, place, kind);
        foreach (var part in parts)
            here.Atomic(target, part, place, kind);
    }
}
