using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Benchmarks.Ingest;

/// <summary>
/// What reading a day's file costs, against reading its bytes with the same threads, in one run with a warm cache. Each figure is the best
/// of several.
/// </summary>
internal static class IngestCosts
{
    private const int Runs = 5;

    /// <summary>Prints the ratios for files of a size.</summary>
    public static int Run(long megabytes, string folder)
    {
        Directory.CreateDirectory(folder);
        var (json, small) = (Path.Combine(folder, "day.jsonl"), Path.Combine(folder, "small.jsonl"));
        var day = Generated(json, megabytes, smallSpans: false);
        Generated(small, Math.Max(1, megabytes / 4), smallSpans: true);
        Print("triage of OTLP/JSON", Best(() => Triage(json)), Best(() => ReadBytes(json)), "reading the file with the same threads");
        Print("triage of OTLP/JSON, a JsonDocument a line", Best(() => Documents(json), 1), Best(() => ReadBytes(json)), "the same");
        Print("triage of OTLP protobuf", Best(() => Triage(json + ".pb")), Best(() => ReadBytes(json + ".pb")), "the same");
        var spans = 0;
        var rate = Best(() => spans = Triage(small));
        var millions = spans / rate.TotalSeconds / Environment.ProcessorCount / 1e6;
        var many = millions >= 2 ? "2 million or more" : string.Create(CultureInfo.InvariantCulture, $"{millions:0.0} million");
        Console.WriteLine($"small spans: {many} spans a second and core");
        File.Delete(json + ".rhx");
        var first = Best(() => Find(json, day), 1);
        Print("the first query of a key, its index written", first, Best(() => ReadBytes(json)), "reading the file with the same threads");
        Print("the same query again", Best(() => Find(json, day)), first, "the first");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"index: {new FileInfo(json + ".rhx").Length * 100.0 / new FileInfo(json).Length:0.00}% of the file"
            )
        );
        Console.WriteLine($"task of the last traces: {day}");
        return 0;
    }

    private static string Generated(string path, long megabytes, bool smallSpans)
    {
        var day = new DayFile(seed: 1, smallSpans);
        day.Write(path, megabytes << 20);
        return day.LastTask;
    }

    private static int Triage(string path)
    {
        using var reading = TraceReading.Open(path, TraceQuery.All, new() { UseIndex = false });
        return reading.CountSpans();
    }

    private static int Find(string path, string task)
    {
        var query = new TraceQuery { Where = ("task_id", task) };
        using var reading = TraceReading.Open(path, query, new());
        return reading.Traces(query).Count();
    }

    private static int ReadBytes(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        const int Block = 256 << 10;
        var next = -1L;
        Parallel.For(
            0,
            Environment.ProcessorCount,
            _ =>
            {
                var buffer = new byte[Block];
                for (long i; (i = Interlocked.Increment(ref next)) * Block < length; )
                    RandomAccess.Read(file, buffer, i * Block);
            }
        );
        return 0;
    }

    private static int Documents(string path) =>
        File.ReadLines(path)
            .AsParallel()
            .Sum(line =>
            {
                using var document = JsonDocument.Parse(line);
                return document
                    .RootElement.GetProperty("resourceSpans")
                    .EnumerateArray()
                    .SelectMany(r => r.GetProperty("scopeSpans").EnumerateArray())
                    .SelectMany(s => s.GetProperty("spans").EnumerateArray())
                    .Count(s =>
                        s.GetProperty("status").TryGetProperty("code", out var code)
                        && code.ValueKind == JsonValueKind.Number
                        && code.GetInt32() == 2
                    );
            });

    private static TimeSpan Best(Func<int> run, int runs = Runs)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var clock = Stopwatch.StartNew();
            run();
            if (clock.Elapsed < best)
                best = clock.Elapsed;
        }
        return best;
    }

    private static void Print(string what, TimeSpan cost, TimeSpan baseline, string name) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {cost / baseline:0.000} x {name}"));
}
