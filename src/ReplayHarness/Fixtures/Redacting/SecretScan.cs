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
    private const int Shown = 3;
    private const long MostBytes = 256L << 20;

    private static readonly string[] s_extensions = [".json", ".jsonl", ".md", ".txt", ".csv", ".yaml", ".yml", ".cs"];

    /// <summary>Looks through a file, or through all text files of a folder and those below it.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="kept">Kinds that are not looked for.</param>
    /// <exception cref="BadInputException">There is no such file or folder.</exception>
    public static IEnumerable<SecretFinding> Of(string path, IReadOnlyList<string> kept)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new BadInputException($"{path}: there is no such file or folder");
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        string[] files = File.Exists(path)
            ? [path]
            :
            [
                .. Directory
                    .EnumerateFiles(path, "*", options)
                    .Where(f => s_extensions.Contains(Path.GetExtension(f)))
                    .Order(StringComparer.Ordinal),
            ];
        return files.SelectMany(file => OfFile(file, kept));
    }

    private static List<SecretFinding> OfFile(string file, IReadOnlyList<string> kept)
    {
        if (new FileInfo(file).Length > MostBytes)
            throw new BadInputException($"{file}: larger than {MostBytes >> 20} MiB, the most that is looked through");
        List<SecretFinding> found = [];
        var (number, line) = (0, "");
        var redactor = new Redactor(
            RedactionOptions.Usual with
            {
                Kept = kept,
            },
            InventedFor(file),
            (kind, value) =>
                found.Add(
                    new(
                        file,
                        number,
                        Math.Max(0, line.IndexOf(value, StringComparison.Ordinal)) + 1,
                        kind,
                        value.Length <= Shown ? "…" : value[..Shown] + "…"
                    )
                )
        );
        foreach (var text in File.ReadLines(file, Encoding.UTF8))
        {
            (number, line) = (number + 1, text);
            redactor.Redact(text);
        }
        return found;
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
}
