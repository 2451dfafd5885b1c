using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ReplayHarness.Tests.Support;
using ReplayHarness.Tests.Support.Containers;
using ReplayHarness.Traces;
using Trace = ReplayHarness.Traces.Trace;

namespace ReplayHarness.Tests.Traces;

/// <summary>
/// Whatever the bytes: no crash, no hang, no memory beyond the bound, and each reading ends with traces or with one message for a person.
/// Samples of every container are changed at random, from a fixed seed. REPLAYHARNESS_FUZZ=N tries N inputs.
/// </summary>
public sealed class FuzzTests
{
    private const int Seed = 20_261_121;
    private const int Few = 4_000;

    // Memory that one input may take beyond its own size: tables of a document, and slack of the collector.
    private const long MaxBytes = 256L << 20;

    private static readonly byte[][] s_samples = [.. Samples()];

    private static IEnumerable<byte[]> Samples()
    {
        foreach (var framework in (string[])["strands", "vercel-ai7-legacy", "google-adk"])
        {
            var traces = Data.Load(Data.TracesOf(framework));
            yield return File.ReadAllBytes(Data.TracesOf(framework));
            foreach (
                var write in (Func<IReadOnlyList<Trace>, string>[])
                    [
                        Writers.Jaeger,
                        Writers.Zipkin,
                        Writers.Langfuse,
                        Writers.Phoenix,
                        Writers.ClickHouse,
                        Writers.AppInsights,
                        LogfireWriter.V1Columns,
                        LogfireWriter.V2,
                        LogfireWriter.Csv,
                    ]
            )
                yield return Encoding.UTF8.GetBytes(write(traces));
        }
        foreach (
            var file in Directory.GetFiles(Data.Path("traces"), "*.pb", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(4)
        )
        {
            var bytes = File.ReadAllBytes(file);
            yield return bytes;
            yield return [0, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
        }
        using var gzip = new MemoryStream();
        using (var compress = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
            compress.Write(File.ReadAllBytes(Data.TracesOf("strands")));
        yield return gzip.ToArray();
        yield return File.ReadAllBytes(Data.Path("traces/strands/traces.otlp.jsonl.zst"));
    }

    [Test]
    public void Every_reader_survives_whatever_it_is_given()
    {
        var count = Environment.GetEnvironmentVariable("REPLAYHARNESS_FUZZ") is { } text
            ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : Few;
        var random = new Random(Seed);
        for (var i = 0; i < count; i++)
        {
            var sample = Mutation.Of(s_samples[i % s_samples.Length], random);
            Survives(sample, $"input {i} of seed {Seed}");
        }
    }

    [Test]
    public void Every_reader_survives_noise()
    {
        var noise = Gen.OneOf(
            Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(),
            Gen.Elements("{}[]\":,\\0123456789eE+-.truefalsn \n\r\t\u00e9"u8.ToArray()).ArrayOf(),
            Gen.Elements<byte>(0x0A, 0x12, 0x1A, 0x08, 0x00, 0x01, 0x7F, 0x80, 0xFF).ArrayOf()
        );
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(400).WithReplay(Seed, 1UL),
            Prop.ForAll(
                noise.ToArbitrary(),
                bytes =>
                {
                    Survives(bytes, "noise");
                    return true;
                }
            )
        );
    }

    [Test]
    public void A_large_file_reads_as_when_loaded_whole_whatever_its_bytes()
    {
        var random = new Random(Seed);
        var sample = File.ReadAllBytes(Data.DriveTimeout);
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "day.jsonl");
        for (var i = 0; i < 150; i++)
        {
            byte[] bytes = [.. "{\"resourceSpans\":[]}\n"u8, .. Mutation.Of(sample, random)];
            File.WriteAllBytes(path, bytes);
            var whole = TraceFiles.Load(path);
            using var reading = TraceReading.Open(path, TraceQuery.All, new() { LargeFrom = 0, UseIndex = false });
            var large = reading
                .Traces(TraceQuery.All)
                .SelectMany(t => t.Spans)
                .Select(s => s.SpanId)
                .Order(StringComparer.Ordinal)
                .ToArray();
            // A line that is no JSON anywhere loses all its spans when it is loaded; the scanner keeps those that are sound. Nothing else
            // may differ.
            Assert.That(whole.Traces.SelectMany(t => t.Spans).Select(s => s.SpanId).Except(large), Is.Empty, $"input {i}");
            Assert.That(
                reading.Problems.Count == 0 && whole.Problems.Count > 0 && large.Length == whole.Traces.Sum(t => t.Spans.Count),
                Is.False,
                $"input {i}: a problem went unseen: {string.Join('\n', whole.Problems)}"
            );
        }
    }

    private static void Survives(byte[] input, string name)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        try
        {
            using var stream = new MemoryStream(input);
            var set = TraceFiles.Load(stream, "fuzz");
            foreach (var run in AgentRuns.Read(set.Traces))
                Assert.That(run.Spans, Is.Not.Empty);
        }
        catch (BadInputException e)
        {
            Assert.That(e.Message, Does.StartWith("fuzz").And.Not.Contain("   at "));
        }
        catch (Exception e) when (e is not AssertionException)
        {
            var kept = Path.Combine(Path.GetTempPath(), "fuzz-input");
            File.WriteAllBytes(kept, input);
            Assert.Fail($"{name} (kept in {kept}): {e}");
        }
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), $"{name} hangs");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MaxBytes + (input.Length * 200L)), name);
    }
}
