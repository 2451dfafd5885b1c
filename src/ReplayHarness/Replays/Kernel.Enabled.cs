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
        FindEnabled(alsoHeld: false);
        // Where nothing else may happen, nothing is held.
        if (_enabled.Count == 0)
            FindEnabled(alsoHeld: true);
    }

    private void FindEnabled(bool alsoHeld)
    {
        _enabled.Clear();
        _choices.Clear();
        var firstAnswer = Operation.Never;
        foreach (var operation in _pending)
        {
            if (operation.DueTicks == Operation.Never)
                continue;
            firstAnswer = Math.Min(firstAnswer, operation.DueTicks);
            if (!alsoHeld && IsHeld(operation))
                continue;
            _enabled.Add((operation, null));
            _choices.Add(new Choice(operation.Label, operation.DueTicks, IsTimer: false, operation.Chain ?? operation.Label));
        }
        var (firstBeat, firstTimer) = FirstTimers(alsoHeld);
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
            if (timer.IsOfFramework is false && (alsoHeld || !IsHeld(timer)) && MayFire(timer, firstTimer, firstAnswer))
                Enable(timer);
    }

    private bool MayFire(VirtualTimer timer, long firstTimer, long firstAnswer) =>
        timer.DueTicks == firstTimer ? firstTimer <= firstAnswer || MayOvertake(timer) : GoesOn(timer);

    // Of answers that have begun, any may go on first, and then comes whole: at once, or where the first of them is due. Each place between
    // the beats of an agent's clock would be a choice between orders that differ in nothing else.
    private bool GoesOn(VirtualTimer timer)
    {
        if (timer.Piece is not { IsFirst: true } piece)
            return false;
        var (firstPiece, firstOther) = (timer.DueTicks, Operation.Never);
        foreach (var other in Time.Timers)
            if (other.Piece is { IsFirst: false } && other.DueTicks < timer.DueTicks)
                return false;
            else if (other.Piece is null)
                firstOther = Math.Min(firstOther, other.DueTicks);
            else
                firstPiece = Math.Min(firstPiece, other.DueTicks);
        return !piece.HasWaited || firstPiece <= firstOther;
    }

    private void Enable(VirtualTimer timer)
    {
        _enabled.Add((null, timer));
        _choices.Add(new Choice(timer.Label, timer.DueTicks, IsTimer: true, timer.Label));
    }

    // The first timer of a framework, and when the first of all others is due.
    private (VirtualTimer? Beat, long Others) FirstTimers(bool alsoHeld)
    {
        var (beat, others) = ((VirtualTimer?)null, Operation.Never);
        foreach (var timer in Time.Timers)
            if (!IsOfFramework(timer))
                others = alsoHeld || !IsHeld(timer) ? Math.Min(others, timer.DueTicks) : others;
            else if (timer.DueTicks < (beat?.DueTicks ?? Operation.Never))
                beat = timer;
        return (beat, others);
    }

    private bool IsOfFramework(VirtualTimer timer) => timer.IsOfFramework ??= _pump.IsOfFramework(timer);

    // An answer in pieces is an answer: it begins before any other or after it, and then goes on whole, or the other comes between two
    // pieces, where it is due. A choice at each piece would be one between orders that differ in nothing else. It has ended where nobody
    // waits for more of it.
    private bool IsHeld(Operation operation)
    {
        if (operation.HeldFor is null)
            return false;
        foreach (var timer in Time.Timers)
            if (timer.Piece?.Of == operation.HeldFor)
                return operation.HeldToItsEnd || timer.DueTicks <= operation.DueTicks;
        return false;
    }

    private bool IsHeld(VirtualTimer timer)
    {
        if (timer.Piece?.HeldFor is not { } answer)
            return false;
        foreach (var other in Time.Timers)
            if (other.Piece?.Of == answer)
                return true;
        return false;
    }

    private bool MayOvertake(VirtualTimer timer) =>
        timer.Piece is not null
        || _pending.TrueForAll(o => o.DueTicks >= timer.DueTicks || o.Overtaken < MostOvertaken) && _pump.IsPacing(timer);

    // What waits remembers what has come before it.
    private void NoteFired(VirtualTimer timer)
    {
        foreach (var operation in _pending)
            NoteFired(timer, operation);
        foreach (var other in Time.Timers)
            if (other.Piece is not { } waiting || other == timer)
                continue;
            else if (timer.Piece is { } piece && other.DueTicks < timer.DueTicks)
                waiting.HeldFor = piece.Of;
            else if (timer.Piece is null && timer.IsOfFramework is false)
                waiting.HasWaited = true;
    }

    private static void NoteFired(VirtualTimer timer, Operation operation)
    {
        var overtakes = operation.DueTicks < timer.DueTicks;
        if (timer.Piece is { } piece)
            (operation.HeldFor, operation.HeldToItsEnd) = (piece.Of, overtakes);
        else if (overtakes)
            operation.Overtaken++;
    }
}
