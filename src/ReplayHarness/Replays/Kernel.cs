using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.Races;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Replays;

/// <summary>
/// Runs one schedule. Agent code runs until nothing is ready; then the kernel asks the strategy which pending operation or due timer comes
/// next, moves the clock, completes it, and lets the agent run on. Every step enters the log hash; what was said enters it at the end.
/// </summary>
internal sealed partial class Kernel : IPumpListener
{
    private readonly IStrategy _strategy;
    private readonly IPump _pump;
    private readonly List<Operation> _pending = [];
    private readonly List<Choice> _choices = [];
    private readonly Decision _decision;
    private readonly List<(Operation? Operation, VirtualTimer? Timer)> _enabled = [];
    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    private readonly List<string> _uncontrolled = [];
    private readonly SortedSet<string> _inert = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _beats = new(StringComparer.Ordinal);
    private readonly KernelLog _log = new();

    // Until the agent has given its own: one that blocks before its first await has given none yet.
    private Task _root = new TaskCompletionSource().Task;
    private KernelEnd? _end;

    /// <param name="strategy">Decides what comes next.</param>
    /// <param name="epoch">The time at which the replay starts.</param>
    /// <param name="runtime">Gives the pump that runs the agent's code.</param>
    public Kernel(IStrategy strategy, DateTimeOffset epoch, IRuntimeControl runtime)
    {
        _strategy = strategy;
        _decision = new Decision(_choices, () => Time!.NowTicks, () => StateHash?.Invoke())
        {
            InFlight = InFlight,
            WaitChains = () => WaitChains?.Invoke() ?? [],
        };
        Races = strategy.Races?.Anew();
        Time = new VirtualTime(epoch) { Origin = Races is null ? null : () => _pump!.Origin };
        _pump = runtime.NewPump(Time, this, strategy.InterleavesItems ? ChooseItem : null, strategy.Machine.ChangesThreads, Races);
    }

    /// <summary>The kernel of the replay that runs now; null between replays.</summary>
    public static Kernel? Current => ProcessState.Current?.Kernel;

    public VirtualTime Time { get; }

    /// <summary>What the schedule is watched for between awaits, and what was seen; null for nothing.</summary>
    public RaceWatch? Races { get; }

    /// <summary>The machine that the agent sees.</summary>
    public Machine Machine => _strategy.Machine;

    /// <summary>What goes wrong with the operation that is issued next under a name.</summary>
    public FaultKind NextFault(string name)
    {
        var fault = _strategy.FaultOf(name);
        if (fault == FaultKind.None)
            return fault;
        Faults.Add($"{fault.ToString().ToLowerInvariant()} of {name}#{_occurrences.GetValueOrDefault(name) + 1}");
        return fault;
    }

    /// <summary>The faults that were injected.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>A hash over every step, its label and its virtual time.</summary>
    public ulong LogHash => _log.Hash;

    /// <summary>An exception that no agent code caught: in production it would have ended the process.</summary>
    public Exception? Unhandled { get; private set; }

    public int Steps { get; private set; }

    public IReadOnlyList<string> Uncontrolled => _uncontrolled;

    /// <summary>The exceptions that the agent was thrown in place of captured ones, and what is known of them.</summary>
    public ConditionalWeakTable<Exception, RebuiltException> Rebuilt { get; } = [];

    /// <summary>
    /// What ran beside the agent, in words. Threads that were started with its context and are not the kernel's are harmless while they
    /// touch no boundary; timers of frameworks fire when they are due.
    /// </summary>
    public IReadOnlyCollection<string> Inert =>
        [
            .. _inert.Select(thread => $"the thread {thread} (inert: it touched no boundary)"),
            .. _beats.Select(beat => $"the {beat.Key} of a framework (it fired {beat.Value} times, and is no choice of the schedules)"),
        ];

    /// <summary>What the strategy chose, decision by decision.</summary>
    public List<int> Choices { get; } = [];

    /// <summary>What was issued and what completed, in order.</summary>
    public List<KernelEvent> Events { get; } = [];

    /// <summary>The operations that wait for completion, oldest first.</summary>
    public IReadOnlyList<Operation> Pending => _pending;

    /// <summary>Hashes the state at a decision, for strategies that merge equal states; null where that is not possible.</summary>
    public Func<UInt128?>? StateHash { get; init; }

    /// <summary>True while a thread waits inside agent code.</summary>
    public bool HasBlockedThreads => _pump.HasBlockedThreads;

    /// <summary>How often each operation was issued.</summary>
    public ulong IssuedDigest { get; private set; }

    /// <summary>Called when the kernel has moved the clock and before an operation completes or a timer fires.</summary>
    public Action? OnStep { get; init; }

    /// <summary>Runs the agent to its end.</summary>
    public KernelEnd Run(Func<Task> agent)
    {
        _strategy.Begin();
        var state = ProcessState.Enter(this, _pump);
        try
        {
            _pump.Run(() => (_flow, _root) = (ExecutionContext.Capture(), agent()), () => Step() || BeOver());
        }
        finally
        {
            state.Leave();
        }
        Log("end", _end?.ToString() ?? nameof(KernelEnd.Finished));
        return _end ?? KernelEnd.Finished;
    }

    /// <summary>The operation to which a task belongs; null for any other task.</summary>
    public string? NameOf(Task task) => LabelOf(task) is { } label ? $"{label}, which never answers" : null;

    /// <summary>The agent's task once it has finished.</summary>
    public Task Root => _root;

    /// <summary>Ends the replay at the next quiescent point.</summary>
    public void Stop() => _end ??= KernelEnd.Stopped;

    void IPumpListener.OnUnhandled(Exception exception) => NoteUnhandled(exception);

    void IPumpListener.NoteInert(string thread)
    {
        lock (_inert)
            _inert.Add(thread);
    }

    public void NoteUncontrolled(string what)
    {
        lock (_uncontrolled)
            if (!_uncontrolled.Contains(what))
                _uncontrolled.Add(what);
    }

    /// <summary>Issues an operation and returns the task the agent awaits.</summary>
    /// <param name="name">The operation's name; occurrences are numbered.</param>
    /// <param name="latency">Virtual time until it answers, or null for never.</param>
    /// <param name="outcome">Gives the result or throws, when the operation completes.</param>
    /// <param name="chain">The chain of calls it belongs to, or null for one of its own.</param>
    /// <param name="token">Honoured: a cancelled operation leaves the pending ones at once.</param>
    public (Operation Operation, Task<T> Task) Issue<T>(
        string name,
        TimeSpan? latency,
        Func<T> outcome,
        string? chain = null,
        CancellationToken token = default
    )
    {
        _pump.CheckThread();
        Operation<T> operation;
        lock (_pending)
        {
            ref var occurrence = ref CollectionsMarshal.GetValueRefOrAddDefault(_occurrences, name, out _);
            operation = new Operation<T>(outcome)
            {
                Label = $"{name}#{++occurrence}",
                DueTicks = latency is { } l ? Time.NowTicks + _strategy.Latency(l).Ticks : Operation.Never,
                Chain = chain,
                Origin = _pump.Origin,
            };
            _pending.Add(operation);
            _calls++;
        }
        IssuedDigest += States.StateHash.WordOf(operation.Label);
        Events.Add(new(operation.Label, Starts: true));
        Log("issue", operation.Label);
        if (token.CanBeCanceled)
            token.UnsafeRegister((o, t) => Cancel((Operation)o!, t), operation);
        return (operation, operation.Task);
    }

    private void Cancel(Operation operation, CancellationToken token)
    {
        bool pending;
        lock (_pending)
            pending = _pending.Remove(operation);
        if (!pending)
            return;
        Log("cancel", operation.Label);
        operation.Cancel(token);
    }

    private bool Step()
    {
        if (_end is not null || Unhandled is not null || IsCut())
            return false;
        if (_root.IsCompleted)
            return StepAfterEnd();
        if (_pump.WaitForRealIo())
            return true;
        _pump.SyncTimers();
        FindEnabled();
        if (_enabled.Count == 0)
            return _pump.WaitForForeignThread() || EndWith(KernelEnd.Deadlock);
        Steps++;
        if (IsEndless())
            return false;
        // A forced step is no decision.
        var chosen = _enabled.Count == 1 && !_strategy.SeesForcedSteps ? 0 : _strategy.Choose(_decision);
        if (chosen < 0 || chosen >= _enabled.Count)
            return EndWith(chosen == Decision.Prune ? KernelEnd.Merged : KernelEnd.LeftSchedule);
        if (_enabled.Count > 1)
            Choices.Add(chosen);
        var (operation, timer) = _enabled[chosen];
        if (operation is not null)
            Complete(operation);
        else
            Fire(timer!);
        return true;
    }

    // Which of the work items that are ready runs next; they have no names, only places in the queue.
    private int ChooseItem(int ready)
    {
        var items = Enumerable
            .Range(1, ready)
            .Select(i => new Choice($"item {i} of {ready}", Time.NowTicks, IsTimer: false, $"item {i}"))
            .ToList();
        var chosen = _strategy.Choose(new Decision(items, () => Time.NowTicks, static () => null) { IsOfItems = true });
        // A thread that nobody controls may have made fewer ready than there were before.
        if (chosen < 0 || chosen >= ready)
        {
            EndWith(KernelEnd.LeftSchedule);
            chosen = 0;
        }
        Choices.Add(chosen);
        Log("item", items[chosen].Label);
        return chosen;
    }

    private bool EndWith(KernelEnd end)
    {
        _end = end;
        return false;
    }

    private void Complete(Operation operation)
    {
        lock (_pending)
            _pending.Remove(operation);
        // An answer may come late or early, but never beyond a timer that has not fired.
        Time.Advance(Math.Min(operation.DueTicks, Time.EarliestTimer()));
        OnStep?.Invoke();
        Events.Add(new(operation.Label, Starts: false));
        Log("complete", operation.Label);
        _pump.Do(operation.Origin, operation.Label, operation.Complete);
    }

    private void Fire(VirtualTimer timer)
    {
        // A piece may come early, but never beyond a timer that has not fired; other pieces may come late.
        Time.Advance(timer.Piece is null ? timer.DueTicks : Math.Min(timer.DueTicks, Time.EarliestTimer(alsoPieces: false)));
        NoteFired(timer);
        OnStep?.Invoke();
        Events.Add(new(timer.Label, Starts: false));
        if (timer.IsOfFramework is true)
            _beats[timer.Label] = _beats.GetValueOrDefault(timer.Label) + 1;
        Log("fire", timer.Label);
        try
        {
            _pump.Do(timer.Origin, timer.Label, timer.Fire);
        }
        catch (Exception e)
        {
            // A timer's callback, or what a token calls that it cancels: nobody stands around them.
            NoteUnhandled(e);
        }
    }

    // What the run left behind may go on as it likes; only what becomes of the run is the replay.
    private void Log(string what, string label)
    {
        if (_endTicks is null)
            _log.Add(what, label, Time.NowTicks);
    }
}
