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
        using var stream = file == "-" ? Console.OpenStandardInput() : Open(file);
        ContentReader.Read(spans, file, stream);
    }

    // A file that is still written, or put aside meanwhile, is read as well.
    internal static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    internal static string[] Files(string source)
    {
        if (source == "-" || File.Exists(source))
            return [source];
        if (Directory.Exists(source))
            throw new BadInputException(
                $"{source}: is a folder; name its files with a glob, for example {Path.Combine(source, "*.jsonl")}"
            );
        if (!Glob.IsOne(source))
            throw new BadInputException($"{source}: there is no such file");
        return Glob.Files(source) is { Length: > 0 } files ? files : throw new BadInputException($"{source}: no file matches");
    }
}
