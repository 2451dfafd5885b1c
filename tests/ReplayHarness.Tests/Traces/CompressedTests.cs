using System.IO.Compression;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Files are often kept compressed.</summary>
public sealed class CompressedTests
{
    [TestCase("incidents/drive-timeout/traces.otlp.jsonl")]
    [TestCase("traces/vercel-ai6-zipkin/trace.zipkin.v2.json")]
    public void Gzip_is_read_as_what_it_holds(string file)
    {
        var plain = TraceFiles.Load(Data.Path(file), strict: true);
        var compressed = TraceFiles.Load(new MemoryStream(Gzip(File.ReadAllBytes(Data.Path(file)))), "traces.gz", strict: true);
        Assert.That(
            compressed.Traces.SelectMany(t => t.Spans).Select(s => s.SpanId),
            Is.EqualTo(plain.Traces.SelectMany(t => t.Spans).Select(s => s.SpanId))
        );
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Gzip_that_is_cut_off_or_damaged_says_so_and_keeps_what_came_before(bool cut)
    {
        // The traces first, then much that can be lost.
        var rest = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"resourceSpans\":[],\"n\":\"{i * 7919 % 104_729}\"}}\n"));
        var bytes = Gzip(System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(Data.DriveTimeout) + rest));
        var place = bytes.Length * 3 / 4;
        if (!cut)
            bytes.AsSpan(place, 64).Fill(0xFF);
        var set = TraceFiles.Load(new MemoryStream(cut ? bytes[..place] : bytes), "traces.gz");
        Assert.That(set.Traces, Has.Count.EqualTo(4));
        Assert.That(string.Join('\n', set.Problems), Does.StartWith("traces.gz").And.Contain("cut off"));
    }

    // What `zstd` 1.5 wrote of the traces of strands.
    [Test]
    public void Zstd_is_read_where_the_platform_has_it()
    {
        var file = Data.Path("traces/strands/traces.otlp.jsonl.zst");
        if (!HasZstd)
        {
            Assert.That(
                () => TraceFiles.Load(file),
                Throws
                    .TypeOf<BadInputException>()
                    .With.Message.EqualTo(
                        $"{file}: is compressed with zstd, and this machine has no libzstd; decompress it first: zstd -d {file}"
                    )
            );
            return;
        }
        Assert.That(TraceFiles.Load(file, strict: true).Traces.Single().Spans, Has.Count.EqualTo(10));
        var cut = TraceFiles.Load(new MemoryStream(File.ReadAllBytes(file)[..^100]), "cut.zst");
        Assert.That(cut.Problems[^1].ToString(), Does.StartWith("cut.zst: the zstd data is damaged or cut off"));
        var damaged = File.ReadAllBytes(file);
        damaged.AsSpan(40, 64).Fill(0xFF);
        Assert.That(TraceFiles.Load(new MemoryStream(damaged), "damaged.zst").Problems[^1].ToString(), Does.StartWith("damaged.zst: "));
    }

    private static bool HasZstd => System.Runtime.InteropServices.NativeLibrary.TryLoad("libzstd.so.1", out _);

    [Test]
    public void What_is_compressed_over_and_over_is_refused()
    {
        var bytes = File.ReadAllBytes(Data.DriveTimeout);
        for (var i = 0; i < 4; i++)
            bytes = Gzip(bytes);
        Assert.That(
            () => TraceFiles.Load(new MemoryStream(bytes), "traces.gz"),
            Throws.TypeOf<BadInputException>().With.Message.EqualTo("traces.gz: is compressed more than 3 times over")
        );
    }

    [Test]
    public void A_gzip_bomb_is_bounded()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write("{\"resourceSpans\":[],\"x\":\""u8);
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)'a');
            for (var i = 0; i < 600; i++)
                gzip.Write(block);
        }
        bomb.Position = 0;
        Assert.That(
            TraceFiles.Load(bomb, "bomb.gz").Problems.Single().ToString(),
            Does.StartWith("bomb.gz:1: the line is longer than 256 MiB")
        );
    }

    private static byte[] Gzip(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(content);
        return output.ToArray();
    }
}
