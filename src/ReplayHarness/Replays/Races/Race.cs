using System.Text.Json.Serialization;
using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Replays.Races;

/// <summary>What is wrong where two pieces of the agent's code are put in order by nothing but chance.</summary>
internal enum RaceKind
{
    /// <summary>Two accesses to one field, static, array element or captured variable, one of them a write.</summary>
    DataRace,

    /// <summary>Two calls into one object that is not safe for two, one of them changing it.</summary>
    UnsafeSharing,

    /// <summary>Locks that are taken in opposite orders.</summary>
    LockOrder,

    /// <summary>A factory with effects that both may run for one key.</summary>
    FactoryTwice,

    /// <summary>
    /// Two atomic accesses that nothing else puts in order: no fault by itself, but a place where another order may show one.
    /// </summary>
    AtomicOrder,
}

/// <summary>One of the two accesses.</summary>
/// <param name="Place">The place in the agent's code, by the name that schedule files give it.</param>
/// <param name="Occurrence">How often the place had been met in the schedule, this time included; from 1.</param>
/// <param name="Does">What it does there: <c>writes</c>, <c>reads</c>, <c>locks</c>.</param>
/// <param name="Method">The method.</param>
/// <param name="Where">File and line; empty where no symbols tell.</param>
/// <param name="Serves">The answer or timer after which it ran; null at the start of the run.</param>
internal sealed record RaceAccess(string Place, int Occurrence, string Does, string Method, string Where, string? Serves)
{
    /// <summary>When it was, in seconds of the schedule in which it was seen.</summary>
    public double Seconds { get; init; }

    /// <summary>
    /// The span of the call that it serves, in the trace of that schedule: the tool whose code it is, else the call after whose answer it
    /// ran. Null where it serves none.
    /// </summary>
    public string? Span { get; init; }

    /// <summary>The line of the source; null where the file is not there, or is not the one that was compiled.</summary>
    public string? Source { get; init; }

    /// <summary>The tool whose code it is, while its schedule runs; null where it is no tool's.</summary>
    [JsonIgnore]
    public BoundaryCall? Tool { get; init; }

    /// <summary>Where the source is; null where no symbols tell.</summary>
    [JsonIgnore]
    public SourcePoint? Point { get; init; }

    /// <summary><c>Desk.Note (Desk.cs:12) writes it after lookup#1</c>.</summary>
    public override string ToString() =>
        $"{Method}{(Where.Length > 0 ? $" ({Where})" : "")} {Does} it{(Serves is null ? "" : $" after {Serves}")}";
}

/// <summary>Two accesses that nothing puts in order.</summary>
/// <param name="Kind">What is wrong with them.</param>
/// <param name="Shared">What both touch: <c>Desk._notes</c>.</param>
/// <param name="First">The one that came first in the schedule that ran.</param>
/// <param name="Second">The other.</param>
internal sealed record Race(RaceKind Kind, string Shared, RaceAccess First, RaceAccess Second)
{
    /// <summary>True where both pieces were ready at the same time, whenever answers come.</summary>
    [JsonIgnore]
    public bool IsAtOnce => First.Serves == Second.Serves;

    /// <summary>
    /// True where the schedule that ran did put them in order, by something that both use and that is not held at both: whether it always
    /// does, a stop shows.
    /// </summary>
    [JsonIgnore]
    public bool IsOrderedHere { get; init; }

    /// <summary>Whether another one is about the same object.</summary>
    public bool IsAlike(Race other) => (Kind, Shared) == (other.Kind, other.Shared);

    /// <summary>The same, each access with its line of the source.</summary>
    public Race Quoted() =>
        this with
        {
            First = First with { Source = First.Point?.Read() },
            Second = Second with { Source = Second.Point?.Read() },
        };

    /// <summary>Both accesses, without a full stop.</summary>
    public override string ToString() => $"{Shared}: {First}, and {Second}";
}
