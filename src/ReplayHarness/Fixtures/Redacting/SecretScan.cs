using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Something in a file that looks like a secret or like personal data.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Kind">What it looks like.</param>
/// <param name="Masked">Its first characters, to find it by.</param>
internal sealed record SecretFinding(string File, int Line, int Column, string Kind, string Masked)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}:{Column}: {Kind}: {Masked}");
}

/// <summary>
/// Looks through fixtures for what should not be in them. What redaction itself invented, which fixture.json lists, is none.
/// </summary>
internal static class SecretScan
{
    private const int Shown = 3,
        LooksBinary = 8192;
    private const long MostBytes = 256L << 20;

    /// <summary>Looks through a file, or through all text files of a folder and those below it.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">What is looked for beyond the usual, and what is not.</param>
    /// <param name="skipped">Told of each file that is not looked through, and why.</param>
    /// <exception cref="BadInputException">There is no such file or folder.</exception>
    public static IEnumerable<SecretFinding> Of(string path, RedactionOptions options, Action<string> skipped)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new BadInputException($"{path}: there is no such file or folder");
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        string[] files = File.Exists(path)
            ? [path]
            :
            [
                .. Directory
                    .EnumerateFiles(path, "*", all)
                    .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}.git{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                    // A pipe has no length, and whoever reads it may wait for ever.
                    .Where(f => new FileInfo(f).Length > 0)
                    .Order(StringComparer.Ordinal),
            ];
        return files.SelectMany(file => OfFile(file, options, skipped));
    }

    private static List<SecretFinding> OfFile(string file, RedactionOptions options, Action<string> skipped)
    {
        if (new FileInfo(file).Length > MostBytes)
            throw new BadInputException($"{file}: larger than {MostBytes >> 20} MiB, the most that is looked through");
        if (Text(file) is not { } text)
        {
            skipped($"{file}: is no text, and was not looked through");
            return [];
        }
        List<SecretFinding> found = [];
        var lines = new Lines(text);
        var at = 0;
        var redactor = new Redactor(
            options,
            InventedFor(file),
            (kind, value) =>
            {
                var place = text.IndexOf(value, at, StringComparison.Ordinal);
                // What is encoded is told where the last was.
                var (line, column) = lines.Of(at = place < 0 ? at : place);
                found.Add(new(file, line, column, kind, value.Length <= Shown ? "…" : value[..Shown] + "…"));
            }
        );
        redactor.Redact(text);
        return found;
    }

    // Text is UTF-8, or UTF-16 with its mark, and holds no zero.
    private static string? Text(string file)
    {
        var bytes = File.ReadAllBytes(file);
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return (bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(bytes.AsSpan(2));
        return bytes.AsSpan(0, Math.Min(bytes.Length, LooksBinary)).Contains((byte)0) ? null : Encoding.UTF8.GetString(bytes);
    }

    // The fixture's own file says what was invented for it, in whichever of its folders the file lies; however broken it may be otherwise.
    private static HashSet<string> InventedFor(string file)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(file)); folder is not null; folder = Path.GetDirectoryName(folder))
            if (Path.Combine(folder, FixtureFolder.FileName) is var fixture && File.Exists(fixture))
                return InventedIn(fixture);
        return [];
    }

    private static HashSet<string> InventedIn(string fixture)
    {
        var map = Json.TryParse(File.ReadAllText(fixture)) as IReadOnlyDictionary<string, object?>;
        var kinds = map?.GetValueOrDefault("redactions") as IReadOnlyList<object?> ?? [];
        return
        [
            .. kinds
                .OfType<IReadOnlyDictionary<string, object?>>()
                .SelectMany(k => k.GetValueOrDefault("replacements") as IReadOnlyList<object?> ?? [])
                .OfType<string>(),
        ];
    }

    // Where the lines of a text begin.
    private sealed class Lines(string text)
    {
        private readonly List<int> _starts = [0, .. text.Index().Where(c => c.Item == '\n').Select(c => c.Index + 1)];

        public (int Line, int Column) Of(int at)
        {
            var line = _starts.BinarySearch(at);
            line = line < 0 ? ~line - 1 : line;
            return (line + 1, at - _starts[line] + 1);
        }
    }
}
