using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ReplayHarness.Replays.Races;

namespace ReplayHarness.Host.Races;

/// <content>Memory: who reads and writes what.</content>
internal sealed partial class RaceDetector
{
    private const int MostVariables = 1_000_000;

    private readonly Dictionary<Key, Variable> _variables = [];
    private int _effects;

    // An object and one of its members; for a whole object that is not safe for two, none.
    private readonly record struct Key(object Target, int Member)
    {
        public bool Equals(Key other) => ReferenceEquals(Target, other.Target) && Member == other.Member;

        public override int GetHashCode() => (RuntimeHelpers.GetHashCode(Target) * 31) + Member;
    }

    /// <summary>The member that stands for a whole object.</summary>
    public const int Whole = -1;

    /// <summary>
    /// Whether a call changes an object that the fixture calls not safe for two; false where it only looks, null for any other object.
    /// </summary>
    public bool? ChangesUnsafe(Type type, string member)
    {
        if (watch.AlsoUnsafe is { } types)
            for (var of = type; of is not null; of = of.BaseType)
                if (types.TryGetValue((of.IsGenericType ? of.GetGenericTypeDefinition() : of).FullName ?? "", out var looks))
                    return !looks.Contains(member.StartsWith("get_", StringComparison.Ordinal) ? member[4..] : member);
        return null;
    }

    /// <summary>A plain read.</summary>
    public void Read(object target, int member, int place)
    {
        if (VariableOf(target, member) is { } variable)
            Note(variable.Read(AccessAt(place), Running.Clock), isWrite: true, place, "reads");
    }

    /// <summary>A plain write.</summary>
    public void Write(object target, int member, int place)
    {
        if (VariableOf(target, member) is not { } variable)
            return;
        var access = AccessAt(place);
        if (variable.IsWritten)
            _effects++;
        foreach (var (before, isWrite) in variable.Write(access, Running.Clock))
            Note(before, isWrite, place, "writes");
    }

    /// <summary>An atomic access, or a volatile one: it knows what the last atomic write knew.</summary>
    public void Atomic(object target, int member, int place, AtomicKind kind)
    {
        if (VariableOf(target, member) is not { } variable)
            return;
        var access = AccessAt(place, atomic: true);
        if (variable is { IsWritten: true, LastWrite: { IsAtomic: true } last } && !Running.Clock.MustKnow(last.At))
            Add(RaceKind.AtomicOrder, last, "writes", place, kind == AtomicKind.Read ? "reads" : "writes");
        if (kind != AtomicKind.Write && variable.Released is { } released)
            Running.Clock = Running.Clock.Join(released, always: false);
        access = access with { At = Running.Now };
        if (kind == AtomicKind.Read)
        {
            Note(variable.Read(access, Running.Clock), isWrite: true, place, "reads");
            return;
        }
        _effects++;
        foreach (var (before, isWrite) in variable.Write(access, Running.Clock))
            Note(before, isWrite, place, "writes");
        var mine = _slots.Release(Running);
        variable.Released = variable.Released is { } known ? known.Join(mine, always: true) : mine;
    }

    private Variable? VariableOf(object target, int member)
    {
        ref var variable = ref CollectionsMarshal.GetValueRefOrAddDefault(_variables, new(target, member), out var exists);
        if (!exists && _variables.Count > MostVariables)
        {
            _variables.Remove(new(target, member));
            watch.IsCut = true;
            return null;
        }
        return variable ??= new Variable();
    }

    private void Note(Access? before, bool isWrite, int place, string does)
    {
        if (before is not { } first)
            return;
        var isWhole = PlaceTable.Current[place].IsWhole;
        var kind = isWhole ? RaceKind.UnsafeSharing : RaceKind.DataRace;
        Add(kind, first, Word(isWrite), place, Word(does == "writes"), isOrderedHere: Running.Clock.Knows(first.At));

        string Word(bool write) =>
            (isWhole, write) switch
            {
                (true, true) => "changes",
                (true, false) => "looks into",
                (false, true) => "writes",
                _ => "reads",
            };
    }
}

/// <summary>What an atomic access does.</summary>
public enum AtomicKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It reads, and knows what was written.</summary>
    Read = 1,

    /// <summary>It writes.</summary>
    Write = 2,

    /// <summary>Both, as one.</summary>
    Exchange = 3,
}
