using System.Linq.Expressions;
using System.Reflection;
using ReplayHarness.Host.Pumping;

namespace ReplayHarness.Host;

/// <summary>
/// Every private part of the .NET runtime and of the DI container that a replay uses, by name, and what it is for. Nothing else in this
/// repository looks up a member by a private name. The names are those of .NET 10; at its start the host tests by behaviour that they still
/// do what is expected (SelfTests/).
/// </summary>
internal sealed record RuntimeParts
{
    /// <summary>The runtimes that all of this was run on.</summary>
    public const string TestedRange = "10.0.0 to 10.0.x";

    /// <summary>The names that count in this process.</summary>
    public static RuntimeParts Current { get; set; } = new();

    public PoolParts Pool { get; init; } = new();

    public TimerParts Timers { get; init; } = new();

    public WaitParts Waits { get; init; } = new();

    public RandomParts Random { get; init; } = new();

    public ContainerParts Container { get; init; } = new();

    public TaskParts Tasks { get; init; } = new();

    public EventParts Events { get; init; } = new();

    public StopwatchParts Stopwatch { get; init; } = new();

    public ParallelParts Parallel { get; init; } = new();

    /// <summary>
    /// Counters and caches, by type and field, that are no part of an object's state. A name that is wrong costs merging, and nothing else.
    /// </summary>
    public IReadOnlySet<string> Noise { get; init; } =
        new HashSet<string>(
            [
                "List`1._version",
                "CancellationTokenSource._kernelEvent",
                "Registrations.FreeNodeList",
                "Registrations.NextAvailableId",
                "Registrations.ThreadIDExecutingCallbacks",
                "Registrations.ExecutingCallbackId",
                "CallbackNode.Id",
                "CallbackNode.SynchronizationContext",
                "AsyncStateMachineBox`1._moveNextAction",
                "TaskScheduler.m_taskSchedulerId",
                .. OfActivity.Split(' ').Select(name => $"Activity.{name}"),
            ],
            StringComparer.Ordinal
        );

    private const string OfActivity =
        "_id _rootId _parentId _traceId _spanId _parentSpanId <StartTimeUtc>k__BackingField <Duration>k__BackingField";

    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    public static Type TypeNamed(Assembly assembly, string name) =>
        assembly.GetType(name) ?? throw new NotSupportedException($"there is no type {name}");

    public static Type Nested(Type type, string name) => type.GetNestedType(name, Any) ?? throw Missing("type", type, name);

    public static FieldInfo Field(Type type, string name) => type.GetField(name, Any) ?? throw Missing("field", type, name);

    public static MethodInfo Method(Type type, string name) => type.GetMethod(name, Any) ?? throw Missing("method", type, name);

    public static PropertyInfo Property(Type type, string name) => type.GetProperty(name, Any) ?? throw Missing("property", type, name);

    /// <summary>A compiled reader of an instance field.</summary>
    public static Func<object, T> Getter<T>(Type type, string name)
    {
        var field = Field(type, name);
        var instance = Expression.Parameter(typeof(object));
        var body = Expression.Field(Expression.Convert(instance, field.DeclaringType!), field);
        return Expression.Lambda<Func<object, T>>(Expression.Convert(body, typeof(T)), instance).Compile();
    }

    /// <summary>A compiled writer of an instance field.</summary>
    public static Action<object, T> Setter<T>(Type type, string name)
    {
        var field = Field(type, name);
        var instance = Expression.Parameter(typeof(object));
        var value = Expression.Parameter(typeof(T));
        var target = Expression.Field(Expression.Convert(instance, field.DeclaringType!), field);
        return Expression
            .Lambda<Action<object, T>>(Expression.Assign(target, Expression.Convert(value, field.FieldType)), instance, value)
            .Compile();
    }

    private static NotSupportedException Missing(string what, Type type, string name) => new($"there is no {what} {type.Name}.{name}");
}

/// <summary>
/// The thread pool's queues, which the pump empties instead of the pool's workers. Members of <see cref="ThreadPool"/> unless said.
/// </summary>
internal sealed record PoolParts
{
    /// <summary>Holds both queues.</summary>
    public string Queue { get; init; } = "s_workQueue";

    /// <summary>Of that: the queue of ordinary items.</summary>
    public string Ordinary { get; init; } = "workItems";

    /// <summary>Of that: the queue of items that go first.</summary>
    public string HighPriority { get; init; } = "highPriorityWorkItems";

    /// <summary>Of <see cref="Task"/>: runs a task that was queued, as a worker would.</summary>
    public string RunTask { get; init; } = "ExecuteFromThreadPool";
}

/// <summary>The runtime's own timers, which get twins on the virtual clock.</summary>
internal sealed record TimerParts
{
    public string QueueType { get; init; } = "System.Threading.TimerQueue";

    public string TimerType { get; init; } = "System.Threading.TimerQueueTimer";

    /// <summary>Of the queue: all queues.</summary>
    public string Queues { get; init; } = "Instances";

    /// <summary>Of the queue: the first timer of the two lists.</summary>
    public string Short { get; init; } = "_shortTimers";
    public string Long { get; init; } = "_longTimers";

    /// <summary>
    /// Of the queue: a timer that is due before this goes to the short list; 0 keeps all in the long one, in the order of creation.
    /// </summary>
    public string Threshold { get; init; } = "_currentAbsoluteThreshold";

    /// <summary>Of the queue: its lock, under which a timer leaves it.</summary>
    public string Lock { get; init; } = "SharedLock";

    public string Delete { get; init; } = "DeleteTimer";

    /// <summary>Of a timer: the next in its list, its queue, callback and state.</summary>
    public string Next { get; init; } = "_next";

    public string QueueOf { get; init; } = "_associatedTimerQueue";
    public string Callback { get; init; } = "_timerCallback";
    public string State { get; init; } = "_state";

    /// <summary>Of a timer, in milliseconds: when it is due after its start, how often after that, and when it was started.</summary>
    public string Due { get; init; } = "_dueTime";

    public string Period { get; init; } = "_period";

    public string Start { get; init; } = "_startTicks";

    /// <summary>Of a timer: calls its callback.</summary>
    public string Fire { get; init; } = "Fire";

    /// <summary>Of the state of a <see cref="PeriodicTimer"/>'s timer: that one, while somebody waits for it.</summary>
    public string PeriodicOwner { get; init; } = "_owner";
}

/// <summary>How the runtime tells of waits that block a thread.</summary>
internal sealed record WaitParts
{
    /// <summary>The context whose <see cref="SynchronizationContext.Wait"/> the runtime calls before a thread blocks.</summary>
    public Func<SynchronizationContext> NewContext { get; init; } = static () => new BlockingWaits();

    /// <summary>What the runtime calls the thread of a task that is to run long.</summary>
    public string LongRunningThread { get; init; } = ".NET Long Running Task";
}

/// <summary>The generator behind <c>Random.Shared</c>, which is replaced by a seeded one. Nested in <see cref="System.Random"/>.</summary>
internal sealed record RandomParts
{
    public string SharedType { get; init; } = "ThreadSafeRandom";

    /// <summary>Of that: the generator of the current thread.</summary>
    public string OfThread { get; init; } = "t_random";

    public string GeneratorType { get; init; } = "XoshiroImpl";

    /// <summary>Of that: its four words of state.</summary>
    public IReadOnlyList<string> Words { get; init; } = ["_s0", "_s1", "_s2", "_s3"];
}

/// <summary>
/// What the DI container has made so far, which is a part of the agent's state. Members of its <c>ServiceProvider</c> unless said.
/// </summary>
internal sealed record ContainerParts
{
    /// <summary>Holds a recipe for every service that was asked for.</summary>
    public string Factory { get; init; } = "CallSiteFactory";

    /// <summary>Of that: what was registered.</summary>
    public string Registered { get; init; } = "_descriptors";

    /// <summary>Of that: the recipes.</summary>
    public string Recipes { get; init; } = "_callSiteCache";

    /// <summary>Of a recipe: the service's type, and, for a singleton that was made, the service.</summary>
    public string Service { get; init; } = "ServiceType";

    public string Singleton { get; init; } = "Value";

    /// <summary>The outermost scope.</summary>
    public string Root { get; init; } = "Root";

    public string ScopeType { get; init; } = "Microsoft.Extensions.DependencyInjection.ServiceLookup.ServiceProviderEngineScope";

    /// <summary>Of a scope: the services that were made for it.</summary>
    public string Scoped { get; init; } = "ResolvedServices";
}

/// <summary>
/// What a task holds: who waits for it, its error, and the locals of an async method. Members of <see cref="Task"/> unless said.
/// </summary>
internal sealed record TaskParts
{
    /// <summary>What runs when it is done.</summary>
    public string Continuation { get; init; } = "m_continuationObject";

    public string State { get; init; } = "m_stateObject";

    public string Action { get; init; } = "m_action";

    /// <summary>Holds the holder of its error.</summary>
    public string More { get; init; } = "m_contingentProperties";

    /// <summary>Of that: the holder of its error.</summary>
    public string ErrorHolder { get; init; } = "m_exceptionsHolder";

    /// <summary>Of that: its errors. Reading them here does not mark them as observed.</summary>
    public string Errors { get; init; } = "m_faultExceptions";

    /// <summary>What the type of an async method's task is called, and its member that holds the locals.</summary>
    public string AsyncMethodType { get; init; } = "AsyncStateMachineBox";

    public string Locals { get; init; } = "StateMachine";

    /// <summary>What the types of the tasks of <c>Task.WhenAll</c>, <c>Task.Delay</c> and <c>Task.WhenAny</c> are called.</summary>
    public string WhenAllType { get; init; } = "WhenAll";

    public string DelayType { get; init; } = "Delay";

    public IReadOnlyList<string> WhenAnyTypes { get; init; } = ["WhenAny", "CompleteOnInvoke"];
}

/// <summary>The events by which the runtime tells of connections, name resolutions and HTTP requests.</summary>
internal sealed record EventParts
{
    public string Sockets { get; init; } = "System.Net.Sockets";

    public string NameResolution { get; init; } = "System.Net.NameResolution";

    public string Http { get; init; } = "System.Net.Http";

    /// <summary>The source of events about HTTP, and its static field that holds it.</summary>
    public string HttpTelemetry { get; init; } = "System.Net.Http.HttpTelemetry";

    public string HttpLog { get; init; } = "Log";

    public string ConnectStart { get; init; } = "ConnectStart";

    /// <summary>Comes for connections and resolutions that failed, too.</summary>
    public string ConnectStop { get; init; } = "ConnectStop";

    public string ResolutionStart { get; init; } = "ResolutionStart";

    public string ResolutionStop { get; init; } = "ResolutionStop";

    public string RequestStart { get; init; } = "RequestHeadersStart";

    public string RequestStop { get; init; } = "ResponseHeadersStop";

    public string RequestFailed { get; init; } = "RequestFailed";
}

/// <summary>What a <see cref="System.Diagnostics.Stopwatch"/> remembers, which rewritten code counts in virtual time.</summary>
internal sealed record StopwatchParts
{
    public string Elapsed { get; init; } = "_elapsed";

    public string StartedAt { get; init; } = "_startTimeStamp";

    public string IsRunning { get; init; } = "_isRunning";
}

/// <summary>From where a parallel query takes its degree, which is that of the processors that agent code hears of.</summary>
internal sealed record ParallelParts
{
    public string Assembly { get; init; } = "System.Linq.Parallel";

    public string SchedulingType { get; init; } = "System.Linq.Parallel.Scheduling";

    /// <summary>Of that: the degree where the query says none, and what gives it.</summary>
    public string Degree { get; init; } = "DefaultDegreeOfParallelism";

    public string DegreeOf { get; init; } = "GetDefaultDegreeOfParallelism";
}
