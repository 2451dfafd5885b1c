using System.Security.Cryptography;
using System.Text;

namespace ReplayHarness.Replays.Races;

/// <summary>A line of a file that symbols name. Only the file that was compiled is read: its checksum is in the symbols too.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Sha256">The checksum, in lower-case hexadecimal digits.</param>
internal sealed record SourcePoint(string File, int Line, string Sha256)
{
    private const int MostBytes = 4 * 1024 * 1024,
        MostShown = 160;

    /// <summary>The line without its indentation; null where the file is not there, is another one, or has no such line.</summary>
    public string? Read()
    {
        try
        {
            // A device or a pipe has no length, and would never end.
            var file = new FileInfo(File);
            if (!Path.IsPathFullyQualified(File) || !file.Exists || file.Length is 0 or > MostBytes)
                return null;
            var bytes = new byte[file.Length];
            using (var stream = file.OpenRead())
                stream.ReadExactly(bytes);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == Sha256 ? LineIn(bytes) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private string? LineIn(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        string? line = null;
        for (var number = 0; number < Line; number++)
            if ((line = reader.ReadLine()) is null)
                return null;
        line = line!.Trim();
        var end =
            line.Length <= MostShown ? line.Length
            : char.IsHighSurrogate(line[MostShown - 1]) ? MostShown - 1
            : MostShown;
        return line.Length == 0 ? null
            : end < line.Length ? line[..end] + "…"
            : line;
    }
}
