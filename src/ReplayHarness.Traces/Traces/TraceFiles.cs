using System.Text.RegularExpressions;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Traces;

/// <summary>Loads traces from files; the container is told by content.</summary>
public static class TraceFiles
{
    /// <summary>Loads a source.</summary>
    /// <param name="source">A file, a glob (<c>dir/**/*.jsonl</c>), or <c>-</c> for standard input.</param>
    /// <param name="strict">Whether any problem is fatal.</param>
    /// <exception cref="BadInputException">There is no such file, it is empty or of no known container, or a bound is exceeded.</exception>
    public static TraceSet Load(string source, bool strict = false) => Load([source], strict);

    /// <summary>Loads several sources as one: spans of one trace may lie in different files.</summary>
    /// <inheritdoc cref="Load(string, bool)"/>
    public static TraceSet Load(IEnumerable<string> sources, bool strict = false)
    {
        var spans = new SpanCollector(strict);
        foreach (var source in sources)
        foreach (var file in Files(source))
            LoadFile(spans, file);
        return spans.Build();
    }

    /// <summary>Loads one stream.</summary>
    /// <param name="stream">What to read.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="strict">Whether any problem is fatal.</param>
    /// <exception cref="BadInputException">It is empty or of no known container, or a bound is exceeded.</exception>
    public static TraceSet Load(Stream stream, string name, bool strict = false)
    {
        var spans = new SpanCollector(strict);
        ContentReader.Read(spans, name, stream);
        return spans.Build();
    }

    internal static void LoadFile(SpanCollector spans, string file)
    {
        using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        ContentReader.Read(spans, file, stream);
    }

    internal static string[] Files(string source)
    {
        if (source == "-" || File.Exists(source))
            return [source];
        if (Directory.Exists(source))
            throw new BadInputException(
                $"{source}: is a folder; name its files with a glob, for example {Path.Combine(source, "*.jsonl")}"
            );
        if (!source.Contains('*', StringComparison.Ordinal))
            throw new BadInputException($"{source}: there is no such file");
        var root = RootOf(source);
        var pattern = Pattern(Path.GetRelativePath(root, source).Replace('\\', '/'));
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var below = Directory.Exists(root) ? Directory.EnumerateFiles(root, "*", options) : [];
        string[] files =
        [
            .. below.Where(f => pattern.IsMatch(Path.GetRelativePath(root, f).Replace('\\', '/'))).Order(StringComparer.Ordinal),
        ];
        return files.Length > 0 ? files : throw new BadInputException($"{source}: no file matches");
    }

    private static string RootOf(string glob)
    {
        var parts = glob.Replace('\\', '/').Split('/');
        var literal = string.Join('/', parts.TakeWhile(p => !p.Contains('*', StringComparison.Ordinal)));
        return literal.Length > 0 ? literal
            : glob.StartsWith('/') ? "/"
            : ".";
    }

    // ** stands for any folders, * for anything within a name.
    private static Regex Pattern(string glob)
    {
        var escaped = Regex
            .Escape(glob)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        return new Regex($"^{escaped}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }
}
