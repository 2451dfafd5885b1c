using Microsoft.Win32.SafeHandles;

namespace ReplayHarness.Traces.Scanning;

/// <summary>Scans a file with all processors: workers claim ranges, results stand in the order of the file.</summary>
internal static class FileScan
{
    private const long RangeSize = 16 << 20;

    /// <summary>Scans the requests that begin between two places.</summary>
    public static SpanTable[] Run(SafeFileHandle file, long from, long to, WantedKeys keys, IProgress<long>? progress)
    {
        var tables = new SpanTable[(to - from + RangeSize - 1) / RangeSize];
        var next = -1;
        var done = 0L;
        Gap? gap = null;
        var workers = Math.Clamp(Environment.ProcessorCount, 1, Math.Max(1, tables.Length));
        Parallel.For(
            0,
            workers,
            new ParallelOptions { MaxDegreeOfParallelism = workers },
            _ =>
            {
                using var scanner = new OtlpJsonScanner(file, to, keys);
                for (int i; (i = Interlocked.Increment(ref next)) < tables.Length; )
                {
                    var begin = from + (i * RangeSize);
                    var end = Math.Min(begin + RangeSize, to);
                    tables[i] = new SpanTable(keys.Count);
                    // A line that fills whole ranges is looked through for its end once only.
                    if (Volatile.Read(ref gap) is { } known && begin >= known.From && end <= known.To)
                        continue;
                    var first = scanner.Scan(begin, end, tables[i]);
                    if (first >= end)
                        Volatile.Write(ref gap, new(begin, first));
                    progress?.Report(Interlocked.Add(ref done, end - begin));
                }
            }
        );
        return tables;
    }

    // No line begins between these places.
    private sealed record Gap(long From, long To);
}
