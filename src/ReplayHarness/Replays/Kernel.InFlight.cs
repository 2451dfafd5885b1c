namespace ReplayHarness.Replays;

/// <content>What is in flight at a decision, and what each of it waits for.</content>
internal sealed partial class Kernel
{
    /// <summary>What the agent waits for, as chains of methods; null where nobody can tell.</summary>
    public Func<IReadOnlyList<string>>? WaitChains { get; init; }

    /// <summary>The operation that a task belongs to; null for any other task.</summary>
    public string? LabelOf(Task task) => _pending.FirstOrDefault(o => o.Waiting == task)?.Label;

    // What may be next comes first, in the order in which it is numbered.
    private PendingCall[] InFlight() =>
        [
            .. _choices.Select(c => new PendingCall(c.Label, SecondsOf(c.DueTicks), c.IsTimer, null)),
            .. _pending
                .Where(o => !_enabled.Exists(e => e.Operation == o))
                .Select(o => new PendingCall(o.Label, SecondsOf(o.DueTicks), false, WhatFor(o))),
            .. Time
                .Timers.Where(t => !_enabled.Exists(e => e.Timer == t))
                .Select(t => new PendingCall(t.Label, SecondsOf(t.DueTicks), true, WhatFor(t))),
        ];

    private string WhatFor(Operation operation) =>
        operation.DueTicks == Operation.Never ? "nothing: it never answers"
        : IsHeld(operation) ? $"the answer of {operation.HeldFor}, which comes in pieces, to end"
        : Before(operation.DueTicks);

    private string WhatFor(VirtualTimer timer) =>
        timer.IsOfFramework is true ? "its time; it is a framework's, and no choice"
        : IsHeld(timer) ? $"the answer of {timer.Piece!.HeldFor}, which comes in pieces, to end"
        : Before(timer.DueTicks);

    private string Before(long due) =>
        _choices.Where(c => c.DueTicks < due).OrderBy(c => c.DueTicks).Select(c => c.Label).FirstOrDefault() is { } first
            ? $"{first}, which is due before it"
            : "what is due before it";

    private static double? SecondsOf(long ticks) => ticks == Operation.Never ? null : ScheduleStep.SecondsOf(ticks);
}
