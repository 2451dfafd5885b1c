using ReplayHarness.Host;

namespace ReplayHarness.Tests.Process;

/// <summary>
/// A runtime whose private parts are not where they are expected, area by area: a name that is gone, and one that is something else.
/// </summary>
internal static class Sabotage
{
    private static readonly Dictionary<string, RuntimeParts> s_parts = new(StringComparer.Ordinal)
    {
        ["none"] = new(),
        ["pool-gone"] = new() { Pool = new() { Queue = "gone" } },
        ["pool-other-type"] = new() { Pool = new() { Ordinary = "_loggingEnabled" } },
        ["pool-other-queue"] = new() { Pool = new() { HighPriority = "workItems" } },
        ["timers-gone"] = new() { Timers = new() { Long = "gone" } },
        ["timers-long-misread"] = new() { Timers = new() { Long = "_shortTimers" } },
        ["timers-short-misread"] = new() { Timers = new() { Short = "_longTimers" } },
        ["timers-start-misread"] = new() { Timers = new() { Due = "_period" } },
        ["timers-other-type"] = new() { Timers = new() { Next = "_dueTime" } },
        ["waits-untold"] = new() { Waits = new() { NewContext = static () => new SynchronizationContext() } },
        ["library-other"] = new()
        {
            Waits = new() { NewContext = static () => throw new MissingMethodException("Method not found: 'ReplayHarness.Replays.Gone'.") },
        },
        ["waits-other-name"] = new() { Waits = new() { LongRunningThread = "another" } },
        ["random-gone"] = new() { Random = new() { OfThread = "gone" } },
        ["random-half-seeded"] = new() { Random = new() { Words = ["_s0", "_s1"] } },
        ["container-gone"] = new() { Container = new() { Recipes = "gone" } },
        ["container-other-scope"] = new() { Container = new() { ScopeType = "Another" } },
        ["tasks-continuation"] = new() { Tasks = new() { Continuation = "m_stateObject" } },
        ["tasks-errors-gone"] = new() { Tasks = new() { ErrorHolder = "gone" } },
        ["tasks-locals-gone"] = new() { Tasks = new() { Locals = "gone" } },
        ["events-sockets"] = new() { Events = new() { Sockets = "Another" } },
        ["events-end"] = new() { Events = new() { ConnectStop = "another" } },
        ["events-resolution"] = new() { Events = new() { ResolutionStart = "another" } },
        ["events-http"] = new() { Events = new() { RequestStart = "gone" } },
        ["parallel-gone"] = new() { Parallel = new() { Degree = "gone" } },
        ["parallel-other"] = new() { Parallel = new() { Degree = "MAX_SUPPORTED_DOP" } },
        ["stopwatch-gone"] = new() { Stopwatch = new() { Elapsed = "gone" } },
        ["stopwatch-swapped"] = new()
        {
            Stopwatch = new() { Elapsed = "_startTimeStamp", StartedAt = "_elapsed" },
        },
    };

    public static RuntimeParts Named(string name) => s_parts[name];

    /// <summary>The one message, or null where nothing was found.</summary>
    public static object Run(string name)
    {
        try
        {
            RuntimeControl.TakeOver(Named(name));
            return new { error = (string?)null };
        }
        catch (UnexpectedRuntimeException e)
        {
            return new { error = (string?)e.Message };
        }
    }
}
