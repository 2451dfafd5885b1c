using System.Globalization;
using ReplayHarness.Replays.Races;

namespace ReplayHarness.Host.Races;

/// <summary>A place of the agent's code that touches what others may touch.</summary>
/// <param name="Name">Its name, unlike all others.</param>
/// <param name="Shared">What it touches.</param>
/// <param name="Method">The method.</param>
/// <param name="Where">File and line; empty where no symbols tell.</param>
/// <param name="IsWhole">True for a call into an object that is not safe for two.</param>
/// <param name="Source">Where the source is; null where no symbols tell.</param>
internal sealed record Place(string Name, string Shared, string Method, string Where, bool IsWhole, SourcePoint? Source)
{
    /// <summary>Of code that was not rewritten.</summary>
    public static Place Unknown { get; } = new("?", "?", "?", "", false, null);
}

/// <summary>The places of the agent's code, by number; a table that was written when the code was rewritten.</summary>
internal sealed class PlaceTable
{
    /// <summary>The file that holds the table, beside the agent's assemblies.</summary>
    public const string FileName = "places.tsv";

    private readonly Place[] _places;

    private PlaceTable(Place[] places) => _places = places;

    /// <summary>That of this process.</summary>
    public static PlaceTable Current => Loaded.Value;

    /// <summary>A place; <see cref="Place.Unknown"/> for a number that stands for none.</summary>
    public Place this[int place] => (uint)(place - 1) < (uint)_places.Length ? _places[place - 1] : Place.Unknown;

    /// <summary>The number of the place of a name; 0 where there is none.</summary>
    public int Find(string name) => Array.FindIndex(_places, p => p.Name == name) + 1;

    /// <summary>The table of a folder; empty where it has none.</summary>
    public static PlaceTable Load(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return new(File.Exists(file) ? [.. File.ReadLines(file).Select(Parse)] : []);
    }

    /// <summary>A place as a line of the table.</summary>
    public static string ToLine(Place place) =>
        string.Join(
            '\t',
            place.Name,
            place.Shared,
            place.Method,
            place.Where,
            place.IsWhole ? "1" : "0",
            place.Source?.File,
            place.Source?.Line.ToString(CultureInfo.InvariantCulture),
            place.Source?.Sha256
        );

    private static Place Parse(string line) =>
        line.Split('\t') is [var name, var shared, var method, var where, var whole, var file, var number, var checksum]
            ? new(
                name,
                shared,
                method,
                where,
                int.Parse(whole, CultureInfo.InvariantCulture) == 1,
                file.Length == 0 ? null : new(file, int.Parse(number, CultureInfo.InvariantCulture), checksum)
            )
            : Place.Unknown;

    private static class Loaded
    {
        public static PlaceTable Value { get; } = Load(AppContext.BaseDirectory);
    }
}
