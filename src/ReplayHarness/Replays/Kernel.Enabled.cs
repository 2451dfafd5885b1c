using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Replays;

/// <content>What may happen next: answers in any order, timers only where no answer comes first, unless they pace.</content>
internal sealed partial class Kernel
{
    // As often a timer that paces the agent may fire before an answer that is due before it.
    private const int MostOvertaken = 1;

    // Operations in flight answer in any order. A timer is enabled when no operation that will answer is due before it, so that a healthy
    // answer never loses to a time-out; one that only paces the agent also before that: how late an answer comes nobody knows. What a
    // framework does by the clock (a limiter's beat, the clean-up of a cache) it does when it is due, and that is no choice.
    private void FindEnabled()
    {
        _enabled.Clear();
        _choices.Clear();
        var firstAnswer = Operation.Never;
        foreach (var operation in _pending)
        {
            if (operation.DueTicks == Operation.Never)
                continue;
            firstAnswer = Math.Min(firstAnswer, operation.DueTicks);
            _enabled.Add((operation, null));
            _choices.Add(new Choice(operation.Label, operation.DueTicks, IsTimer: false, operation.Chain ?? operation.Label));
        }
        var (firstBeat, firstTimer) = FirstTimers();
        if (firstBeat is not null && firstBeat.DueTicks <= Math.Min(firstAnswer, firstTimer))
        {
            _enabled.Clear();
            _choices.Clear();
            Enable(firstBeat);
            return;
        }
        if (firstTimer == Operation.Never)
            return;
        foreach (var timer in Time.Timers)
            if (timer.DueTicks == firstTimer && timer.IsOfFramework is false && (firstTimer <= firstAnswer || MayOvertake(timer)))
                Enable(timer);
    }

    private void Enable(VirtualTimer timer)
    {
        _enabled.Add((null, timer));
        _choices.Add(new Choice(timer.Label, timer.DueTicks, IsTimer: true, timer.Label));
    }

    // The first timer of a framework, and when the first of all others is due.
    private (VirtualTimer? Beat, long Others) FirstTimers()
    {
        var (beat, others) = ((VirtualTimer?)null, Operation.Never);
        foreach (var timer in Time.Timers)
            if (!IsOfFramework(timer))
                others = Math.Min(others, timer.DueTicks);
            else if (timer.DueTicks < (beat?.DueTicks ?? Operation.Never))
                beat = timer;
        return (beat, others);
    }

    private bool IsOfFramework(VirtualTimer timer) => timer.IsOfFramework ??= _pump.IsOfFramework(timer);

    private bool MayOvertake(VirtualTimer timer) =>
        _pending.TrueForAll(o => o.DueTicks >= timer.DueTicks || o.Overtaken < MostOvertaken) && _pump.IsPacing(timer);
}
