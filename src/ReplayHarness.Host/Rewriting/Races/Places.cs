using System.Globalization;
using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Races;
using ReplayHarness.Replays.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>Numbers the places of the agent's code, over all of its assemblies.</summary>
internal sealed class Places
{
    private readonly List<Place> _places = [];
    private readonly Dictionary<string, int> _sameName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _members = new(StringComparer.Ordinal);

    /// <summary>How code is named.</summary>
    public CodeNames Names { get; } = new();

    /// <summary>The number of a field, the same wherever it is used.</summary>
    public int Member(FieldReference field)
    {
        var name = field.FullName;
        if (!_members.TryGetValue(name, out var number))
            _members.Add(name, number = _members.Count);
        return number;
    }

    /// <summary>The number of a new place.</summary>
    /// <param name="method">The method.</param>
    /// <param name="point">Where in the source it is; null where no symbols tell.</param>
    /// <param name="does">What is done there: <c>reads</c>.</param>
    /// <param name="shared">What it is done with.</param>
    /// <param name="isWhole">Whether that is an object that is not safe for two.</param>
    public int Add(MethodDefinition method, SequencePoint? point, string does, string shared, bool isWhole = false)
    {
        var where = point is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(point.Document.Url)}:{point.StartLine}");
        var of = Names.Of(method);
        // Without the line: a name stands in schedule files, and lines move.
        var name = Clean($"{of} {does} {shared}");
        var same = _sameName[name] = _sameName.GetValueOrDefault(name) + 1;
        if (same > 1)
            name += string.Create(CultureInfo.InvariantCulture, $" [{same}]");
        _places.Add(new(name, Clean(shared), Clean(of), Clean(where), isWhole, SourceOf(point)));
        return _places.Count;
    }

    /// <summary>Writes the table into a folder; none where there are no places.</summary>
    public void WriteTo(string folder)
    {
        if (_places.Count > 0)
            File.WriteAllText(Path.Combine(folder, PlaceTable.FileName), string.Concat(_places.Select(p => PlaceTable.ToLine(p) + "\n")));
    }

    // A file with another checksum than that of the symbols is another one; where they hold none, nobody can tell.
    private static SourcePoint? SourceOf(SequencePoint? point) =>
        point is { Document: { HashAlgorithm: DocumentHashAlgorithm.SHA256, Hash: { Length: > 0 } hash, Url: var file } }
        && Clean(file) == file
            ? new(file, point.StartLine, Convert.ToHexStringLower(hash))
            : null;

    private static string Clean(string text) => text.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');
}
