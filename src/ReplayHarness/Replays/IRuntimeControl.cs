using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.Races;
using ReplayHarness.Shapes;

namespace ReplayHarness.Replays;

/// <summary>What the process in which replays run gives to those who run them. It alone knows the private parts of the runtime.</summary>
internal interface IRuntimeControl
{
    /// <summary>The version of the .NET runtime, and those that were tested, for a person.</summary>
    string Runtime { get; }

    /// <summary>The pump of one schedule.</summary>
    /// <param name="time">The schedule's clock.</param>
    /// <param name="listener">Hears of what the pump does not control.</param>
    /// <param name="chooseItem">Chooses among so many ready work items; null for the order in which they were queued.</param>
    /// <param name="changesThreads">Whether whatever goes on does so on another thread than before.</param>
    /// <param name="races">What to watch for between awaits; null for nothing.</param>
    IPump NewPump(VirtualTime time, IPumpListener listener, Func<int, int>? chooseItem, bool changesThreads, RaceWatch? races);

    /// <summary>Hashes the states of agents.</summary>
    IStateHasher NewHasher();

    /// <summary>What an agent that does not get on waits for: chains of methods, the outermost first.</summary>
    /// <param name="root">The agent's task.</param>
    /// <param name="nameOf">Names a task that belongs to an operation; null for any other.</param>
    IReadOnlyList<string> WaitChains(Task root, Func<Task, string?> nameOf);
}

/// <summary>
/// Runs everything that is runnable until nothing is, then asks for the next scheduling decision; over and over until there is none.
/// </summary>
internal interface IPump
{
    /// <summary>True while a thread waits inside agent code: its stack holds state that no object does.</summary>
    bool HasBlockedThreads { get; }

    /// <summary>
    /// Runs <paramref name="start"/>, then alternates between draining what is ready and <paramref name="step"/> until that returns false.
    /// </summary>
    void Run(Action start, Func<bool> step);

    /// <summary>
    /// What the code that runs knows of all that ran before it: what it issues or arms keeps that; null where nobody watches.
    /// </summary>
    object? Origin { get; }

    /// <summary>Does a step of the replay, in which agent code may go on.</summary>
    /// <param name="origin">What was known where the answer was asked for, or the timer was armed.</param>
    /// <param name="label">The answer or the timer.</param>
    /// <param name="step">The step.</param>
    void Do(object? origin, string label, Action step);

    /// <summary>Brings the virtual clock's timers in line with the runtime's.</summary>
    void SyncTimers();

    /// <summary>True for a timer that paces the agent, as a delay or a heartbeat does; false for one that guards a call.</summary>
    bool IsPacing(VirtualTimer timer);

    /// <summary>True for a timer that a framework made for itself: the beat of a host or a limiter, the clean-up of a cache.</summary>
    bool IsOfFramework(VirtualTimer timer);

    /// <summary>Notes it where the current thread is not one of the pump's.</summary>
    void CheckThread();

    /// <summary>
    /// Nothing is enabled: gives a thread that is not the pump's a bounded chance to make something ready; true where it did.
    /// </summary>
    bool WaitForForeignThread();

    /// <summary>
    /// Waits, in real time and within bounds, while something outside the process is in flight; true where it made something ready.
    /// </summary>
    bool WaitForRealIo();
}

/// <summary>Hears of what a pump does not control. Called from any thread.</summary>
internal interface IPumpListener
{
    /// <summary>An exception that no agent code caught.</summary>
    void OnUnhandled(Exception exception);

    /// <summary>
    /// Asked now and then while agent code runs on without ever waiting for anything; false ends the replay.
    /// </summary>
    /// <param name="items">How many work items have run since the last scheduling decision.</param>
    bool MayGoOn(int items);

    /// <summary>Has an answer come at once, while agent code is stopped; false where it cannot come now.</summary>
    /// <param name="label">The operation.</param>
    bool Answer(string label);

    /// <summary>Something that is held against the replay, as a sentence.</summary>
    void NoteUncontrolled(string what);

    /// <summary>A thread that was started with the agent's context, and is not the pump's: harmless while it touches no boundary.</summary>
    void NoteInert(string thread);
}

/// <summary>Hashes the state of a replay at a decision: everything that its future and its findings depend on.</summary>
internal interface IStateHasher
{
    /// <summary>What could not be read so far, by the name of its type, with the reason: such states have no hash.</summary>
    IReadOnlyDictionary<string, string> Unknown { get; }

    /// <summary>The hash of the state; null where a blocked thread, or an object, holds state that cannot be read.</summary>
    UInt128? Hash(Kernel kernel, ReplayContext? context = null, ActivityRecorder? recorder = null);
}

/// <summary>Takes the words of which a state's hash is made.</summary>
internal interface IStateWords : IMemory
{
    void Add(ulong value);
}
