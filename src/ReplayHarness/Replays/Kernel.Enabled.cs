using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Replays;

/// <content>What may happen next: answers in any order, timers only where no answer comes first, unless they pace.</content>
internal sealed partial class Kernel
{
    // Operations in flight answer in any order. A timer is enabled when no operation that will answer is due before it, so that a healthy
    // answer never loses to a time-out; one that only paces the agent also before that: how late an answer comes nobody knows. A piece of
    // an answer that is late because it is held is a healthy one. What a framework does by the clock (a limiter's beat, the clean-up of a
    // cache) it does when it is due, and that is no choice.
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
        var first = FirstTimers(alsoHeld);
        if (first.Beat is { } beat && beat.DueTicks <= Math.Min(firstAnswer, Math.Min(first.Piece, first.Other)))
        {
            _enabled.Clear();
            _choices.Clear();
            Enable(beat);
            return;
        }
        foreach (var timer in Time.Timers)
            if (
                timer.IsOfFramework is false
                && (timer.Piece is null ? MayFire(timer, first, firstAnswer) : MayCome(timer, first, alsoHeld))
            )
                Enable(timer);
    }

    private bool MayFire(VirtualTimer timer, in FirstDue first, long firstAnswer) =>
        timer.DueTicks == first.Other && (timer.DueTicks <= Math.Min(firstAnswer, first.AnyPiece) || MayOvertake(timer));

    private bool MayCome(VirtualTimer timer, in FirstDue first, bool alsoHeld) =>
        (alsoHeld || !IsHeld(timer))
        && (timer.DueTicks == first.Piece && (timer.DueTicks <= first.Other || MayHurry(timer.Piece!)) || GoesOn(timer));

    // Before a timer that is due before them, pieces come one after the other, from where they would have waited for it on.
    private static bool MayHurry(Piece piece) =>
        piece.Answer.ComesAtOnce || (piece is { IsFirst: false, HasWaited: false } && piece.Answer.KeptItsTime);

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

    // The first timer of a framework, and when the first of others is due; of pieces that may come, and of all pieces.
    private readonly record struct FirstDue(VirtualTimer? Beat, long Other, long Piece, long AnyPiece);

    private FirstDue FirstTimers(bool alsoHeld)
    {
        var first = new FirstDue(null, Operation.Never, Operation.Never, Operation.Never);
        foreach (var timer in Time.Timers)
            first = With(first, timer, alsoHeld);
        return first;
    }

    private FirstDue With(in FirstDue first, VirtualTimer timer, bool alsoHeld)
    {
        var due = timer.DueTicks;
        if (IsOfFramework(timer))
            return due < (first.Beat?.DueTicks ?? Operation.Never) ? first with { Beat = timer } : first;
        if (timer.Piece is null)
            return first with { Other = Math.Min(first.Other, due) };
        var mayCome = alsoHeld || !IsHeld(timer);
        return first with { Piece = mayCome ? Math.Min(first.Piece, due) : first.Piece, AnyPiece = Math.Min(first.AnyPiece, due) };
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
            if (timer.Piece?.Answer.Of == operation.HeldFor)
                return operation.HeldToItsEnd || timer.DueTicks <= operation.DueTicks;
        return false;
    }

    private bool IsHeld(VirtualTimer timer)
    {
        if (timer.Piece?.HeldFor is not { } answer)
            return false;
        foreach (var other in Time.Timers)
            if (other.Piece?.Answer.Of == answer)
                return true;
        return false;
    }

    // What is held is late already.
    private bool MayOvertake(VirtualTimer timer)
    {
        foreach (var operation in _pending)
            if (operation.DueTicks < timer.DueTicks && !operation.Lateness.Allows(timer))
                return false;
        foreach (var other in Time.Timers)
            if (other.Piece is { } piece && other.DueTicks < timer.DueTicks && !MayWait(piece, timer) && !IsHeld(other))
                return false;
        return _pump.IsPacing(timer);
    }

    private static bool MayWait(Piece piece, VirtualTimer timer) =>
        piece.Answer.Lateness.Allows(timer) && (piece.IsFirst || !piece.Answer.HasHurried);

    // What waits remembers what has come before it.
    private void NoteFired(VirtualTimer timer)
    {
        if (timer.Piece is { } came && timer.DueTicks > Time.EarliestTimer(alsoPieces: false))
            came.Answer.ComesEarly(came);
        foreach (var operation in _pending)
            NoteFired(timer, operation);
        foreach (var other in Time.Timers)
            if (other.Piece is { } waiting && other != timer)
                NoteFired(timer, other, waiting);
    }

    private void NoteFired(VirtualTimer timer, VirtualTimer other, Piece waiting)
    {
        var overtakes = other.DueTicks < timer.DueTicks;
        if (timer.Piece is { } piece)
        {
            if (overtakes)
                waiting.HeldFor = piece.Answer.Of;
        }
        else if (timer.IsOfFramework is false)
        {
            waiting.HasWaited = true;
            waiting.Answer.ComesAtOnce = false;
            if (overtakes && !IsHeld(other))
                waiting.Answer.Lateness.Note(timer, Time.Timers);
        }
    }

    private void NoteFired(VirtualTimer timer, Operation operation)
    {
        var overtakes = operation.DueTicks < timer.DueTicks;
        if (timer.Piece is { } piece)
            (operation.HeldFor, operation.HeldToItsEnd) = (piece.Answer.Of, overtakes);
        else if (overtakes)
            operation.Lateness.Note(timer, Time.Timers);
    }
}
