using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Stores;

/// <summary>
/// The files below a prefix of a bucket, one after another, as if they were local; each is copied to a temporary file while it is read.
/// </summary>
internal sealed class S3Store(string source, string address, StoreOptions options) : Store(source, options)
{
    // What writers of traces call their files. Keys without an extension are told by content.
    private static readonly string[] s_extensions =
    [
        ".json",
        ".jsonl",
        ".ndjson",
        ".csv",
        ".parquet",
        ".gz",
        ".gzip",
        ".zst",
        ".zstd",
        ".pb",
        ".binpb",
        ".protobuf",
        ".bin",
        ".otlp",
        ".log",
        ".txt",
    ];

    public override TraceSet Load(TraceQuery query)
    {
        var (bucket, wanted) = Parts();
        if (Options.Objects is not { } open)
            throw new BadInputException(
                $"{Source}: nothing was given that opens a bucket; set {nameof(StoreOptions)}.{nameof(StoreOptions.Objects)}"
            );
        using var storage = open();
        var spans = new SpanCollector(Options.Strict);
        var skipped = new List<string>();
        foreach (var item in Matching(storage, bucket, wanted))
        {
            // Whoever wrote it had its spans before: none of them can begin later.
            if (query.SinceNanos is { } since && Nanos(item.LastModified) < since)
                continue;
            if (IsSkipped(item, wanted))
                skipped.Add(item.Key);
            else
                Read(storage, bucket, item.Key, spans);
        }
        if (skipped.Count > 0)
            spans.Report(
                new(
                    Source,
                    null,
                    null,
                    null,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{skipped.Count} {(skipped.Count == 1 ? "object was" : "objects were")} left out, empty or of another kind by the "
                            + $"name: {string.Join(", ", skipped.Take(3))}{(skipped.Count > 3 ? ", …" : "")}; read are "
                            + $"{string.Join(", ", s_extensions)} and names without an extension"
                    )
                )
            );
        return spans.Build();
    }

    private (string Bucket, string Wanted) Parts()
    {
        var path = address.StartsWith("//", StringComparison.Ordinal) ? address[2..] : "";
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? path : path[..slash];
        return bucket.Length > 0 && !Glob.IsOne(bucket)
            ? (bucket, slash < 0 ? "" : path[(slash + 1)..])
            : throw new BadInputException($"{Source}: names no bucket; expected s3://BUCKET/PREFIX, such as s3://traces/2026/*.jsonl.gz");
    }

    private (string Key, long Size, DateTimeOffset LastModified)[] Matching(ObjectStorage storage, string bucket, string wanted)
    {
        var isGlob = Glob.IsOne(wanted);
        var prefix = isGlob ? wanted[..wanted.IndexOf('*', StringComparison.Ordinal)] : wanted;
        var pattern = isGlob ? Pattern(wanted) : null;
        // What consoles show as a folder can be an object of its own.
        (string Key, long Size, DateTimeOffset LastModified)[] all =
        [
            .. storage
                .List(bucket, prefix)
                .Where(o => !o.Key.EndsWith('/') && pattern?.IsMatch(o.Key) != false)
                .OrderBy(o => o.Key, StringComparer.Ordinal),
        ];
        if (all.Length == 0)
            throw new BadInputException(
                $"{Source}: {(isGlob ? "no object's key matches" : "no object's key begins so")}; is the key as it is in the bucket "
                    + $"(case counts, nothing is unescaped)? A shorter prefix finds more: s3://{bucket}/"
            );
        return Array.FindIndex(all, o => o.Key == wanted) is >= 0 and var at ? [all[at]] : all;
    }

    // As among local files: * is anything within a name, ** any folders.
    private static Regex Pattern(string glob) =>
        new(
            "^"
                + Regex
                    .Escape(glob)
                    .Replace(@"\*\*/", "(?:.*/)?", StringComparison.Ordinal)
                    .Replace(@"\*\*", ".*", StringComparison.Ordinal)
                    .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
                + @"\z",
            RegexOptions.Singleline | RegexOptions.NonBacktracking
        );

    private static bool IsSkipped((string Key, long Size, DateTimeOffset LastModified) item, string wanted)
    {
        if (item.Size == 0)
            return true;
        var extension = Path.GetExtension(item.Key);
        return wanted != item.Key
            && !Glob.IsOne(wanted)
            && extension.Length > 0
            && !s_extensions.Contains(extension, StringComparer.OrdinalIgnoreCase);
    }

    // One bad object leaves the others.
    private void Read(ObjectStorage storage, string bucket, string key, SpanCollector spans)
    {
        var name = $"s3://{bucket}/{key}";
        void Report(string message) => spans.Report(new(name, null, null, null, message));
        try
        {
            using var content = storage.Open(bucket, key);
            if (content is null)
            {
                Report("was listed, and is no longer there; it was left out");
                return;
            }
            using var file = TempFile.CopyOf(content);
            ContentReader.Read(spans, name, file);
        }
        catch (IOException e)
        {
            Report($"broke off ({e.Message.Split('\n')[0].TrimEnd('.')}); it was left out");
        }
        catch (BadInputException e) when (!Options.Strict && !spans.IsFull && e.Message.StartsWith(name + ": ", StringComparison.Ordinal))
        {
            Report($"{e.Message[(name.Length + 2)..]}; it was left out");
        }
    }

    private static long Nanos(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
