#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
using System.Reflection;
using System.Runtime.CompilerServices;
using ReplayHarness.Host.Controlled;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// A thread that agent code starts itself: a carrier of its own, that runs only while it holds the baton. Outside a replay it is an
/// ordinary thread.
/// </summary>
internal static class ThreadOfAgent
{
    private static readonly ConditionalWeakTable<Thread, State> s_states = [];

    // The package on whose thread this is.
    [ThreadStatic]
    private static string? t_package;

    private sealed class State(Action<object?> body, string? package)
    {
        public string? Package => package;
        public ManualResetEvent Ended { get; } = new(false);
        public Carrier Carrier { get; } = new();
        public Action<object?> Body => body;
        public object? Parameter { get; set; }
        public ExecutionContext? Context { get; set; }
        public Origin? Origin { get; set; }
    }

    /// <summary>The package that started the current thread; null for one of the agent's and for the pool's.</summary>
    public static string? Package => t_package;

    public static Thread Create(Delegate start, Action<object?> body, int maxStackSize)
    {
        if (Pump.Current is null)
            return new Thread(new ParameterizedThreadStart(body), maxStackSize);
        var state = new State(body, PackageOf(start.Method.Module.Assembly));
        var thread = new Thread(() => Run(state), maxStackSize) { IsBackground = true };
        s_states.Add(thread, state);
        return thread;
    }

    public static void Start(Thread thread, object? parameter, ExecutionContext? context)
    {
        if (!s_states.TryGetValue(thread, out var state))
        {
            if (parameter is null)
                thread.Start();
            else
                thread.Start(parameter);
            return;
        }
        (state.Parameter, state.Context, state.Origin) = (parameter, context, RaceDetector.Here?.Known());
        ThreadPoolOwner.Enqueue(new Launch(thread, state));
    }

    public static bool Join(Thread thread, int milliseconds) =>
        s_states.TryGetValue(thread, out var state) ? Join(state, milliseconds) : thread.Join(milliseconds);

    private static bool Join(State state, int milliseconds)
    {
        var ended = state.Ended.WaitOne(milliseconds);
        if (ended)
            RaceDetector.Here?.Acquire(state, always: true);
        return ended;
    }

    private static string? PackageOf(Assembly assembly) =>
        assembly.IsDefined(typeof(OfAgentAttribute), inherit: false) ? null : assembly.GetName().Name;

    private static void Run(State state)
    {
        t_package = state.Package;
        state.Carrier.AdoptThisThreadAndWait();
        var races = RaceDetector.Current;
        races?.Begin(state.Origin ?? Origin.Unknown);
        Pump.Current?.RunThread(() => Invoke(state));
        RaceDetector.Here?.Release(state);
        races?.End();
        state.Ended.Set();
        Carrier.Leave(Carrier.Take(Pump.ServeCurrent));
    }

    private static void Invoke(State state)
    {
        if (state.Context is { } context)
            ExecutionContext.Run(context, static s => ((State)s!).Body(((State)s!).Parameter), state);
        else
            state.Body(state.Parameter);
    }

    // Starting takes its turn among what is ready, like any work item.
    private sealed class Launch(Thread thread, State state) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            thread.UnsafeStart();
            Carrier.Current!.HandTo(state.Carrier, becomeIdle: true);
        }
    }
}
