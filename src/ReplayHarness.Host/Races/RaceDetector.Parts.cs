namespace ReplayHarness.Host.Races;

/// <content>
/// Fields of structs that are variables themselves: two pieces may use two of them at once, and who uses the whole struct uses all.
/// </content>
internal sealed partial class RaceDetector
{
    /// <summary>The member that stands for where an enumerator is.</summary>
    public const int Position = -2;

    private readonly Dictionary<Key, List<int>> _parts = [];

    /// <summary>What else is used where a variable is used: of a whole struct, those of its fields that were used alone.</summary>
    public IReadOnlyList<int> PartsOf(object target, int member)
    {
        if (Parts.WholeOf(member) is { } whole)
        {
            Know(target, member, whole);
            return [];
        }
        return _parts.Count > 0 && _parts.TryGetValue(new(target, member), out var parts) ? parts : [];
    }

    // From here on it is told of what is done with the whole; what was done before, it takes over.
    private void Know(object target, int part, int whole)
    {
        if (_variables.ContainsKey(new(target, part)))
            return;
        if (_variables.TryGetValue(new(target, whole), out var known))
            _variables.Add(new(target, part), known.Copy());
        if (!_parts.TryGetValue(new(target, whole), out var parts))
            _parts.Add(new(target, whole), parts = []);
        if (!parts.Contains(part))
            parts.Add(part);
    }
}

/// <summary>The numbers of fields of structs as members.</summary>
internal static class Parts
{
    private const int First = -16,
        MostOfOne = 64,
        MostWholes = 1 << 24;

    /// <summary>The number of a field of a struct; that of the struct where it is one of too many.</summary>
    /// <param name="whole">The struct: the number of a member, or an index.</param>
    /// <param name="part">The field, from 1; 0 for the whole struct.</param>
    public static int Of(int whole, int part) =>
        part is <= 0 or >= MostOfOne || whole is < 0 or >= MostWholes ? whole : First - (whole * MostOfOne) - part;

    /// <summary>The struct of a field; null where the number is none of a field.</summary>
    public static int? WholeOf(int member) => member < First ? (First - member) / MostOfOne : null;
}
