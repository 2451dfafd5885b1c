using Microsoft.Win32.SafeHandles;

namespace ReplayHarness.Traces.Scanning;

/// <summary>Scans a file with all processors: workers claim ranges, results stand in the order of the file.</summary>
internal static class FileScan
{
    private const long RangeSize = 16 << 20;

    /// <summary>Scans the requests that begin between two places.</summary>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    public static SpanTable[] Run(SafeFileHandle file, long from, long to, WantedKeys keys, IProgress<long>? progress)
    {
        var tables = new SpanTable[(to - from + RangeSize - 1) / RangeSize];
        var next = -1;
        long done = 0, empty = 0;
        var workers = Math.Clamp(Environment.ProcessorCount, 1, Math.Max(1, tables.Length));
        try
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, _ =>
            {
                using var scanner = new OtlpJsonScanner(file, to, keys);
                for (int i; (i = Interlocked.Increment(ref next)) < tables.Length;)
                {
                    var begin = from + (i * RangeSize);
                    var end = Math.Min(begin + RangeSize, to);
                    tables[i] = new SpanTable(keys.Count);
                    // A line that fills whole ranges is looked through for its end once only.
                    if (end <= Volatile.Read(ref empty)) continue;
                    var first = scanner.Scan(begin, end, tables[i]);
                    if (first >= end) InterlockedMax(ref empty, first);
                    progress?.Report(Interlocked.Add(ref done, end - begin));
                }
            });
        }
        catch (AggregateException e) when (e.InnerException is IOException)
        {
            throw new BadInputException(e.InnerException.Message, e);
        }
        return tables;
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var known = Volatile.Read(ref target); known < value;)
        {
            var before = Interlocked.CompareExchange(ref target, value, known);
            if (before == known) return;
            known = before;
        }
    }
}
