namespace ReplayHarness.Tests.Replays;

/// <summary>
/// The corpus by which a race detector is measured. The drive-timeout incident has two more among the variants: Threaded and
/// ThreadedIsolated.
/// </summary>
internal static class RaceCases
{
    public static IReadOnlyList<RaceCase> All { get; } =
    [
        new(
            "LineIndex",
            RaceKind.UnsafeSharing,
            RaceMeets.AtOnce,
            "a Dictionary that grows",
            "Lines are missing, or the dictionary says that it is corrupt.",
            "High CPU in .NET app using a static Generic.Dictionary (Tess Ferrandez)"
        ),
        new(
            "ProgressReport",
            RaceKind.UnsafeSharing,
            RaceMeets.AtOnce,
            "a List that is enumerated while others add",
            "The enumeration fails.",
            "List<T> Class: Thread Safety (Microsoft Learn)"
        ),
        new(
            "Transcript",
            RaceKind.UnsafeSharing,
            RaceMeets.AfterAnswers,
            "a StringBuilder",
            "Lines of the transcript are mixed or lost.",
            "StringBuilder Class (Microsoft Learn)"
        ),
        new(
            "ReportInJson",
            RaceKind.UnsafeSharing,
            RaceMeets.AtOnce,
            "a JsonObject",
            "Properties are missing, or adding one fails.",
            "dotnet/runtime issue 77421: JsonNode is not thread safe"
        ),
        new(
            "SharedStream",
            RaceKind.UnsafeSharing,
            RaceMeets.AtOnce,
            "the position of a MemoryStream",
            "A call reads what another asked for.",
            "Stream Class (Microsoft Learn)"
        ),
        new(
            "SharedStatement",
            RaceKind.UnsafeSharing,
            RaceMeets.AfterAnswers,
            "the parameters of a prepared statement",
            "A row is written with the values of another, or refused.",
            "DbContext Lifetime, Configuration, and Initialization: Avoiding DbContext threading issues (Microsoft Learn)"
        )
        {
            Or = RaceKind.DataRace,
        },
        new(
            "DefaultHeaders",
            RaceKind.UnsafeSharing,
            RaceMeets.AfterAnswers,
            "HttpClient.DefaultRequestHeaders",
            "A call is sent as another, or the headers hold both.",
            "OrchardCore pull request 2707: Adding DefaultRequestHeaders is not thread safe"
        ),
        new(
            "TokenTotal",
            RaceKind.DataRace,
            RaceMeets.AfterAnswers,
            "a counter",
            "Tokens are not counted.",
            "Interlocked.Increment Method (Microsoft Learn)"
        ),
        new(
            "BudgetCheck",
            RaceKind.DataRace,
            RaceMeets.AfterAnswers,
            "the money that is left",
            "More is spent than there was.",
            "Hacking Starbucks for unlimited coffee (Egor Homakov)"
        ),
        new(
            "ReadBesideIncrement",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "a counter that is read beside Interlocked.Increment",
            "Two calls get one ticket.",
            "Threading in C#, part 4: Advanced Threading (Joseph Albahari)"
        ),
        new(
            "PaymentKeys",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "the state of a generator",
            "Two payments get one key.",
            "Getting random numbers in a thread-safe way (Stephen Toub)"
        ),
        new(
            "OuterVariable",
            RaceKind.DataRace,
            RaceMeets.AfterAnswers,
            "a variable outside the lambda",
            "The model is told the result of another call.",
            "Closing over the loop variable considered harmful (Eric Lippert)"
        ),
        new(
            "EventAccessor",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "the delegate behind an event",
            "A handler is lost, and is never told of the end.",
            "Events get a little overhaul in C# 4, part I: Locks (Chris Burrows)"
        ),
        new(
            "LockedNumber",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "a sum, under locks on boxes",
            "Cents are not counted.",
            "lock statement: Guidelines (Microsoft Learn)"
        ),
        new(
            "TwoPermits",
            RaceKind.DataRace,
            RaceMeets.AfterAnswers,
            "the minutes, under a semaphore with two permits",
            "A note is lost.",
            "Semaphore and SemaphoreSlim (Microsoft Learn)"
        ),
        new(
            "RefreshedTwice",
            RaceKind.DataRace,
            RaceMeets.AfterAnswers,
            "an access token that has expired",
            "The second refresh is refused.",
            "DuendeArchive/IdentityServer4 issue 3015: IdentityServer4 doesn't mitigate race-conditions in refresh_token handling"
        ),
        new(
            "PreparedRequest",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "a request that is kept ready",
            "One request is sent twice, which the client refuses.",
            "The request message was already sent. Cannot send the same request message multiple times (Stack Overflow)"
        ),
        new(
            "UsedAfterReturn",
            RaceKind.DataRace,
            RaceMeets.AfterAnswers,
            "a buffer of an ArrayPool",
            "The model is told the text of another call.",
            "dotnet/runtime issue 7532: Consider debug mode for ArrayPool"
        )
        {
            Or = RaceKind.UnsafeSharing,
        },
        new(
            "ClosedTwice",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "the flag of a connection that is closed",
            "The connection is given back twice.",
            "Implement a Dispose method (Microsoft Learn)"
        ),
        new(
            "JobTakenTwice",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "the head of a queue",
            "Jobs are done twice, others never.",
            "Queue<T> Class: Thread Safety (Microsoft Learn)"
        ),
        new(
            "CrossedTransfers",
            RaceKind.LockOrder,
            RaceMeets.AtOnce,
            "two accounts with a lock each",
            "Each transfer waits for the other's account.",
            "No More Hangs: Advanced Techniques To Avoid And Detect Deadlocks In .NET Apps (Joe Duffy)"
        ),
        new(
            "RingOfLocks",
            RaceKind.LockOrder,
            RaceMeets.AtOnce,
            "three stores with a lock each",
            "All three threads wait for ever.",
            "Deadlock monitor (Stephen Toub)"
        ),
        new(
            "SeatInFactory",
            RaceKind.FactoryTwice,
            RaceMeets.AtOnce,
            "a ConcurrentDictionary of sessions",
            "Two seats are taken for one session.",
            "Making GetOrAdd on ConcurrentDictionary thread safe using Lazy (Andrew Lock)"
        ),
        new(
            "LazyCode",
            RaceKind.FactoryTwice,
            RaceMeets.AfterAnswers,
            "a Lazy that only publishes once",
            "A code is redeemed twice, and refused.",
            "LazyThreadSafetyMode Enum (Microsoft Learn)"
        ),
        new(
            "DoubleChecked",
            RaceKind.Publication,
            RaceMeets.AtOnce,
            "a catalogue that is seen before it is loaded",
            "A book is not found.",
            "Implementing the Singleton Pattern in C# (Jon Skeet)"
        )
        {
            Or = RaceKind.DataRace,
        },
        new(
            "FlagBeforeData",
            RaceKind.Publication,
            RaceMeets.AtOnce,
            "rates whose flag is set before they are loaded",
            "There is no rate.",
            "The C# Memory Model in Theory and Practice (Igor Ostrovsky)"
        )
        {
            Or = RaceKind.DataRace,
        },
        new(
            "HalfOpened",
            RaceKind.Publication,
            RaceMeets.AfterAnswers,
            "a session that is seen before it is open",
            "The session has no token.",
            "Understand the Impact of Low-Lock Techniques in Multithreaded Apps (Vance Morrison)"
        )
        {
            Or = RaceKind.DataRace,
        },
        new(
            "DeskForEach",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "a counter, under a synchronized method of each caller's own object",
            "Entries are not counted.",
            "MethodImplOptions Enum (Microsoft Learn)"
        ),
        new(
            "ReasonAfterCancel",
            RaceKind.Publication,
            RaceMeets.AtOnce,
            "the reason of a cancellation",
            "It was cancelled, and nobody knows why.",
            "Cancellation in Managed Threads (Microsoft Learn)"
        )
        {
            Or = RaceKind.DataRace,
        },
        new(
            "AnnouncedEarly",
            RaceKind.Publication,
            RaceMeets.AtOnce,
            "a text that is announced before it is written",
            "The menu is empty.",
            "TaskCompletionSource<TResult> Class (Microsoft Learn)"
        )
        {
            Or = RaceKind.DataRace,
        },
        new(
            "OneSumOfThree",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "one field of a struct",
            "Calls are not counted.",
            "Structure types (Microsoft Learn)"
        ),
        new(
            "JoinedMeanwhile",
            RaceKind.UnsafeSharing,
            RaceMeets.AtOnce,
            "a List that is joined while others add",
            "A name is missing, or joining fails.",
            "List<T> Class: Thread Safety (Microsoft Learn)"
        ),
        new(
            "OneEnumerator",
            RaceKind.UnsafeSharing,
            RaceMeets.AtOnce,
            "an enumerator",
            "Two calls get one number.",
            "IEnumerator<T> Interface (Microsoft Learn)"
        ),
        new(
            "CopiedOver",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "an array that is copied over",
            "One side of a rate is old, the other new.",
            "Array Class: Thread Safety (Microsoft Learn)"
        ),
        new(
            "OneCell",
            RaceKind.DataRace,
            RaceMeets.AtOnce,
            "a cell of an array of two dimensions",
            "A call is not counted.",
            "Array Class: Thread Safety (Microsoft Learn)"
        ),
        new(
            "AddedByDelegate",
            RaceKind.UnsafeSharing,
            RaceMeets.AtOnce,
            "a List behind a delegate",
            "Words are lost.",
            "List<T> Class: Thread Safety (Microsoft Learn)"
        ),
        new(
            "OneHash",
            RaceKind.UnsafeSharing,
            RaceMeets.AtOnce,
            "an object that hashes",
            "A checksum is wrong.",
            "HashAlgorithm Class (Microsoft Learn)"
        ),
        new(
            "LetGoBetween",
            RaceKind.None,
            RaceMeets.AtOnce,
            "a dictionary under a ReaderWriterLockSlim",
            "Two sessions are opened for one tenant.",
            "ReaderWriterLockSlim Class: Upgradeable mode (Microsoft Learn)"
        ),
        new(
            "Stampede",
            RaceKind.None,
            RaceMeets.AfterAnswers,
            "a ConcurrentDictionary as a cache",
            "The archive is asked twice, and refuses.",
            "HybridCache library in ASP.NET Core: stampede protection (Microsoft Learn)"
        ),
        new(
            "RateLimit",
            RaceKind.None,
            RaceMeets.AtOnce,
            "an atomic number of requests that are left",
            "More requests are made than were granted.",
            "Smashing the state machine: the true potential of web race conditions (James Kettle)"
        ),
        new(
            "TenantOfThread",
            RaceKind.None,
            RaceMeets.AtOnce,
            "a thread-static field, which two items on one thread share",
            "A tenant is served as another.",
            "A tale of two techniques: The ThreadStatic Attribute and System.Web.HttpContext.Current.Items (Scott Hanselman)"
        ),
    ];

    public static IReadOnlyList<CalmCase> Calm { get; } =
    [
        new("OneByOne", "a list, in the order of the awaits"),
        new("Locked", "a sum and a list, under one lock"),
        new("Channel", "a channel, whose one reader owns a dictionary"),
        new("OwnPlaces", "an array, a place for each item"),
        new("VolatileFlag", "data, then a volatile flag"),
        new("Atomics", "atomic fields"),
        new("Pool", "builders that change hands through a ConcurrentBag"),
        new("Factory", "a ConcurrentDictionary whose factory only computes"),
        new("ReadersAndWriters", "a dictionary under a ReaderWriterLockSlim"),
        new("Swap", "an immutable table, swapped atomically"),
        new("Timer", "a counter of a timer's callback, after the timer has ended"),
        new("Registration", "a counter of a token's callback, after the registration has ended"),
        new("Source", "a text, told by a ManualResetValueTaskSourceCore"),
    ];
}
