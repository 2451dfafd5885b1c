using ReplayHarness.Host.Pumping;
using ReplayHarness.Host.Statics;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.States;

namespace ReplayHarness.Host.States;

/// <summary>
/// The state of a replay at a decision: everything that its future and its findings depend on. Walked from the agent's task, the operations
/// in flight, the armed timers and the statics of rewritten assemblies; with the clock, the fixture's scripts and what the rules remember.
/// </summary>
internal sealed class StateHasher : IStateHasher
{
    private readonly HeapWalk _walk = new();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Unknown => _walk.Unknown;

    /// <summary>The hash of the state; null where a blocked thread, or an object, holds state that cannot be read.</summary>
    public UInt128? Hash(Kernel kernel, ReplayContext? context = null, ActivityRecorder? recorder = null)
    {
        if (kernel.HasBlockedThreads)
            return null;
        _walk.Begin();
        _walk.Add(kernel.Time.NowTicks);
        _walk.Add(kernel.IssuedDigest);
        _walk.Add(kernel.Drawn);
        _walk.Add(SharedRandom.Position);
        if (recorder is not null)
            _walk.Add(recorder.ErrorDigest);
        if (context is not null)
            CallMonitor.AddTo(_walk, context);
        foreach (var operation in kernel.Pending.OrderBy(o => o.Label, StringComparer.Ordinal))
        {
            _walk.Add(operation.Label);
            _walk.Add(operation.DueTicks);
            _walk.Visit(operation);
        }
        foreach (var timer in kernel.Time.Timers.OrderBy(t => t.DueTicks).ThenBy(t => t.Label, StringComparer.Ordinal))
            _walk.Visit(timer);
        _walk.Visit(kernel.Root);
        foreach (var held in ScheduleStatics.Held())
            held.Visit(_walk);
        foreach (var failed in ScheduleStatics.Failed())
            _walk.Add(failed);
        TemporaryFolder.Visit(_walk);
        ProcessSettings.Visit(_walk);
        ScheduleSwitches.Visit(_walk);
        LeftBehind.Visit(_walk);
        var hash = _walk.Finish();
        return _walk.IsRefused ? null : hash;
    }
}
