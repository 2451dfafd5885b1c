using Mono.Cecil;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>What is said before and after a call that orders pieces of code.</summary>
/// <param name="Before">The hook before it, or null.</param>
/// <param name="After">The hook after it, or null.</param>
internal sealed record Edge(string? Before, string? After);

/// <summary>
/// Calls by which pieces of code wait for each other. Where one orders more than it must (a semaphore for several, a queue), that hides a
/// race at most; it never makes one up. Locks have stand-ins of their own.
/// </summary>
internal static class OrderTable
{
    private const string Threading = "System.Threading.",
        Concurrent = "System.Collections.Concurrent.",
        Tasks = "System.Threading.Tasks.";

    private static readonly Edge s_acquire = new(null, nameof(RaceHooks.Acquire)),
        s_release = new(nameof(RaceHooks.Release), null),
        s_cancel = new(nameof(RaceHooks.Cancel), nameof(RaceHooks.EndCancel)),
        s_register = new(nameof(RaceHooks.RegisterFor), null),
        s_hearCancel = new(nameof(RaceHooks.HearCancel), null),
        s_hearCancelOf = new(nameof(RaceHooks.HearCancelOf), null),
        s_disposeTimer = new(nameof(RaceHooks.DisposeTimer), null),
        s_askTask = new(nameof(RaceHooks.AskTask), null),
        s_exchangeAround = new(nameof(RaceHooks.Exchange), nameof(RaceHooks.Acquire)),
        s_take = new(null, nameof(RaceHooks.Take)),
        s_ask = new(nameof(RaceHooks.Ask), null),
        s_give = new(nameof(RaceHooks.Give), null),
        s_passOn = new(nameof(RaceHooks.PassOn), nameof(RaceHooks.PassOn)),
        s_enterWrite = new(null, nameof(RaceHooks.EnterWrite)),
        s_exitRead = new(nameof(RaceHooks.ExitRead), null),
        s_ofThread = new(nameof(RaceHooks.UseOfThread), null),
        s_await = new(nameof(RaceHooks.Await), null);

    private static readonly HashSet<string> s_queues = new(StringComparer.Ordinal)
    {
        Concurrent + "ConcurrentDictionary`2",
        Concurrent + "ConcurrentQueue`1",
        Concurrent + "ConcurrentStack`1",
        Concurrent + "ConcurrentBag`1",
        Concurrent + "BlockingCollection`1",
    };

    // What one piece of code put in, another takes out: they lock within, or exchange references.
    private static readonly HashSet<string> s_givers = new(StringComparer.Ordinal)
    {
        "System.IServiceProvider",
        "System.WeakReference`1",
        "System.Runtime.CompilerServices.ConditionalWeakTable`2",
        "System.Net.Http.IHttpClientFactory",
        Threading + "Channels.ChannelReader`1",
        Threading + "Channels.ChannelWriter`1",
        "Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions",
        "Microsoft.Extensions.DependencyInjection.ServiceProviderKeyedServiceExtensions",
        "Microsoft.Extensions.Options.IOptions`1",
        "Microsoft.Extensions.Options.IOptionsMonitor`1",
        "Microsoft.Extensions.ObjectPool.ObjectPool`1",
        "Microsoft.Extensions.Caching.Memory.IMemoryCache",
        "Microsoft.Extensions.Caching.Memory.CacheExtensions",
        "Microsoft.Extensions.Caching.Distributed.IDistributedCache",
        "Microsoft.Extensions.Caching.Hybrid.HybridCache",
    };

    private static readonly HashSet<string> s_handles = new(StringComparer.Ordinal)
    {
        Threading + "WaitHandle",
        Threading + "EventWaitHandle",
        Threading + "ManualResetEvent",
        Threading + "AutoResetEvent",
        Threading + "ManualResetEventSlim",
        Threading + "CountdownEvent",
        Threading + "Barrier",
        Threading + "Mutex",
        Threading + "Semaphore",
    };

    /// <summary>True for a call at which the agent's code may be stopped.</summary>
    public static bool Meets(string type, string member) =>
        type switch
        {
            Threading + "Monitor" or "ReplayHarness.Host.Controlled.ControlledLocks" => member.Contains("Enter", StringComparison.Ordinal),
            Threading + "Lock" => member.Contains("Enter", StringComparison.Ordinal),
            Threading + "SemaphoreSlim" => member is "Wait" or "WaitAsync",
            Threading + "ReaderWriterLockSlim" => member.Contains("Enter", StringComparison.Ordinal),
            _ => s_queues.Contains(type),
        };

    /// <summary>What is said around a call; null for one that orders nothing.</summary>
    public static Edge? Of(string type, MethodReference called)
    {
        if (s_givers.Contains(type))
            return s_passOn;
        if (!called.HasThis)
            return null;
        if (s_queues.Contains(type))
            return s_exchangeAround;
        if (s_handles.Contains(type))
            return OfHandle(called.Name);
        return type switch
        {
            Threading + "SemaphoreSlim" => called.Name switch
            {
                "Wait" => s_take,
                "WaitAsync" => s_ask,
                "Release" => s_give,
                _ => null,
            },
            "System.Buffers.ArrayPool`1" => called.Name switch
            {
                "Rent" => s_acquire,
                "Return" => s_release,
                _ => null,
            },
            Tasks + "Task" or Tasks + "Task`1" => called.Name switch
            {
                "GetAwaiter" or "ConfigureAwait" or "get_Result" or "Wait" or "WaitAsync" => s_await,
                "get_Status" or "get_Exception" => s_askTask,
                _ => called.Name.StartsWith("get_Is", StringComparison.Ordinal) ? s_askTask : null,
            },
            Threading + "ReaderWriterLockSlim" => OfReaders(called.Name),
            Threading + "ThreadLocal`1" => called.Name is "get_Value" or "set_Value" ? s_ofThread : null,
            Threading + "CancellationTokenSource" => called.Name == "get_IsCancellationRequested" ? s_hearCancelOf
            : called.Name.StartsWith("Cancel", StringComparison.Ordinal) ? s_cancel
            : null,
            Threading + "Timer" or Threading + "ITimer" or "System.IAsyncDisposable" => called.Name == "DisposeAsync"
                ? s_disposeTimer
                : null,
            Threading + "CancellationToken" => called.Name switch
            {
                "Register" or "UnsafeRegister" => s_register,
                "get_IsCancellationRequested" or "ThrowIfCancellationRequested" => s_hearCancel,
                _ => null,
            },
            "System.Lazy`1" => called.Name == "get_Value" ? s_exchangeAround : null,
            _ => null,
        };
    }

    // Readers do not wait for each other.
    private static Edge? OfReaders(string member) =>
        member switch
        {
            "EnterWriteLock" or "TryEnterWriteLock" => s_enterWrite,
            "ExitWriteLock" or "ExitUpgradeableReadLock" => s_release,
            "ExitReadLock" => s_exitRead,
            _ => member.Contains("Enter", StringComparison.Ordinal) ? s_acquire : null,
        };

    private static Edge? OfHandle(string member) =>
        member switch
        {
            "WaitOne" or "Wait" or "SignalAndWait" => member == "SignalAndWait"
                ? new(nameof(RaceHooks.Release), nameof(RaceHooks.Acquire))
                : s_acquire,
            "Set" or "Release" or "ReleaseMutex" or "Signal" => s_release,
            _ => null,
        };
}
