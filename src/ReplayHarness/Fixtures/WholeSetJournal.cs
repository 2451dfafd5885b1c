using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// The list of files that are to be put in place. A folder may come from anywhere: its list moves nothing out of it or into it, and nothing
/// through a link.
/// </summary>
internal static class WholeSetJournal
{
    private const string Up = "../";

    /// <summary>Writes the list; it is on the disk then.</summary>
    /// <param name="file">The file.</param>
    /// <param name="moves">From where to where, within the folder.</param>
    public static void Write(string file, IEnumerable<string[]> moves)
    {
        using var output = File.Create(file);
        JsonSerializer.Serialize(output, [.. moves], WholeSetJson.Default.StringArrayArray);
        output.Flush(flushToDisk: true);
    }

    /// <summary>Reads the list.</summary>
    /// <param name="folder">The folder, as a full path.</param>
    /// <param name="file">The file.</param>
    /// <param name="besides">Whether files may be put beside the folder.</param>
    /// <exception cref="BadInputException">It is no such list, or leads out of the folder.</exception>
    public static IReadOnlyList<(string From, string To)> Read(string folder, string file, bool besides)
    {
        var moves = Parse(file);
        return Outside(folder, moves, besides) is { } outside
            ? throw Unusable(file, $"names {outside}, which leads out of the folder or through a link")
            : [.. moves.Select(m => (Path.GetFullPath(Path.Combine(folder, m[0])), Path.GetFullPath(Path.Combine(folder, m[1]))))];
    }

    /// <summary>The first path that leads out of the folder, or through a link; null for none.</summary>
    /// <param name="folder">The folder, as a full path.</param>
    /// <param name="moves">From where to where.</param>
    /// <param name="besides">Whether files may be put beside the folder.</param>
    public static string? Outside(string folder, IEnumerable<string[]> moves, bool besides)
    {
        foreach (var move in moves)
        {
            if (move is not [{ } from, { } to])
                return "no two paths";
            if (!IsWithin(folder, from) || IsLink(Path.Combine(folder, from)))
                return from;
            if (!IsWithin(folder, to) && !(besides && IsBeside(to)))
                return to;
        }
        return null;
    }

    /// <summary>Whether a path is a link.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static string[][] Parse(string file)
    {
        if (IsLink(file) || IsLink(Path.GetDirectoryName(file)!))
            throw Unusable(file, "lies behind a link");
        try
        {
            return JsonSerializer.Deserialize(JsonBytes.Of(file), WholeSetJson.Default.StringArrayArray) ?? throw Unusable(file, "is null");
        }
        catch (JsonException e)
        {
            throw Unusable(file, $"cannot be read: {e.Message.Split('.')[0]}");
        }
    }

    private static BadInputException Unusable(string file, string why) =>
        new($"{file}: the list of files to put in place {why}; delete {Path.GetDirectoryName(file)}, and run the command again");

    // A link at the end is no way out: a file takes its place.
    private static bool IsWithin(string folder, string name)
    {
        var at = folder;
        foreach (var part in name.Split('/'))
        {
            if (!IsPlain(part) || (at != folder && IsLink(at)))
                return false;
            at = Path.Combine(at, part);
        }
        return true;
    }

    private static bool IsBeside(string name) => name.StartsWith(Up, StringComparison.Ordinal) && IsPlain(name[Up.Length..]);

    private static bool IsPlain(string name) =>
        name is not ("" or "." or "..") && name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) < 0;
}

[JsonSerializable(typeof(string[][]))]
internal sealed partial class WholeSetJson : JsonSerializerContext;
