using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Host.Races;

/// <summary>When something is done, and for what.</summary>
/// <param name="Serves">The answer or timer after which it is done.</param>
/// <param name="Ticks">The virtual time.</param>
/// <param name="Tool">The tool whose code does it; null where it is no tool's.</param>
internal sealed record Moment(string? Serves, long Ticks, BoundaryCall? Tool);

/// <summary>
/// One piece of the agent's execution that nothing interrupts: a work item, a step of the kernel, an iteration of a parallel loop. It
/// takes a slot when it does something that is worth comparing.
/// </summary>
internal sealed class Segment(Origin origin)
{
    public const int None = -1;

    private List<(object Lock, int Place, bool IsSure)>? _locks;
    private object[]? _held = [];

    /// <summary>What it knows.</summary>
    public Clock Clock { get; set; } = origin.Clock;

    /// <summary>The answer or timer after which it runs.</summary>
    public string? Serves { get; set; } = origin.Serves;

    /// <summary>When and for what it does what it does now; made anew where that changes, null as long as it has done nothing.</summary>
    public Moment? Moment { get; set; }

    /// <summary>Its slot; <see cref="None"/> as long as it has done nothing.</summary>
    public int Slot { get; set; } = None;

    /// <summary>The epoch of what it does now.</summary>
    public int Epoch { get; set; }

    /// <summary>True where it did something since it last told others what it knows.</summary>
    public bool IsDirty { get; set; }

    /// <summary>The locks that it holds, the last on top, with the places where it took them.</summary>
    public IReadOnlyList<(object Lock, int Place, bool IsSure)> Locks => _locks ?? [];

    /// <summary>Those without which it does not go on: the same array as long as these are the same.</summary>
    public object[] Held => _held ??= [.. Locks.Where(l => l.IsSure).Select(l => l.Lock)];

    /// <summary>It has taken a lock.</summary>
    public void Hold(object gate, int place, bool isSure)
    {
        (_locks ??= []).Add((gate, place, isSure));
        _held = null;
    }

    /// <summary>It gives a lock back; nothing where it holds none.</summary>
    public void LetGo(object gate)
    {
        if (_locks?.FindLastIndex(l => ReferenceEquals(l.Lock, gate)) is { } held and >= 0)
            _locks.RemoveAt(held);
        _held = null;
    }

    /// <summary>The parallel loops that it runs, the innermost on top.</summary>
    public Stack<RaceLoop> Loops => field ??= new();

    /// <summary>What stands for its thread, where it uses what belongs to that; null where it does not.</summary>
    public object? Thread { get; set; }

    /// <summary>The task whose end it asked for last.</summary>
    public Task? Awaited { get; set; }

    public Stamp Now => new(Slot, Epoch);
}
