using System.Runtime.InteropServices;
using ReplayHarness.Replays;
using ReplayHarness.Replays.States;

namespace ReplayHarness.Host.States;

/// <summary>
/// Hashes every object that is reachable from what is visited, canonically: objects are numbered in the order in which they are found, so
/// that equal graphs have equal hashes wherever they lie in memory.
/// </summary>
internal sealed class HeapWalk : IStateWords
{
    private readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<object> _found = [];
    private readonly SortedDictionary<string, string> _unknown = new(StringComparer.Ordinal);
    private StateHash _hash;

    /// <summary>True where the walk has met something that cannot be read: the hash then stands for nothing.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>What could not be read in all walks, by the name of its type, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Unknown => _unknown;

    public void Begin()
    {
        IsRefused = false;
        _numbers.Clear();
        _found.Clear();
        _hash = StateHash.Start();
    }

    public void Add(ulong value) => _hash.Add(value);

    public void Add(long value) => _hash.Add((ulong)value);

    public void Add(string? text) => _hash.Add(text);

    /// <summary>Notes that an object of a type was met that cannot be read.</summary>
    public void Refuse(Type type, string why)
    {
        IsRefused = true;
        _unknown[type.FullName ?? type.Name] = why;
    }

    /// <summary>Adds a reference: its number, and later, once, what it refers to.</summary>
    public void Visit(object? value)
    {
        if (value is null)
        {
            _hash.Add(0);
            return;
        }
        if (value is string text)
        {
            _hash.Add(text);
            return;
        }
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, value, out var known);
        if (!known)
        {
            _found.Add(value);
            number = _found.Count;
        }
        _hash.Add((ulong)number);
    }

    /// <summary>Walks what was found, breadth first, and gives the hash of all of it.</summary>
    public UInt128 Finish()
    {
        for (var i = 0; i < _found.Count; i++)
        {
            var plan = TypePlan.Of(_found[i].GetType());
            _hash.Add((ulong)plan.Number);
            plan.Walk(_found[i], this);
        }
        return _hash.Value;
    }
}
