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
    public void Zstd_is_read_as_what_it_holds()
    {
        var bytes = File.ReadAllBytes(Data.Path("traces/strands/traces.otlp.jsonl.zst"));
        Assert.That(Load(bytes, "traces.zst", strict: true).Traces.Single().Spans, Has.Count.EqualTo(10));
        // Frames follow one another, some of which hold nothing, or nothing of the content.
        byte[] skipped = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] frames = [.. Frame(27, []), .. skipped, .. bytes, .. Frame(10, "\n"u8.ToArray())];
        Assert.That(Load(frames, "frames.zst", strict: true).Traces.Single().Spans, Has.Count.EqualTo(10));
    }

    [Test]
    public void Zstd_that_is_cut_off_or_damaged_says_so_and_keeps_what_came_before()
    {
        var bytes = File.ReadAllBytes(Data.Path("traces/strands/traces.otlp.jsonl.zst"));
        Assert.That(
            Load(bytes[..^100], "cut.zst").Problems[^1].ToString(),
            Is.EqualTo("cut.zst: the zstd data is damaged or cut off (the last frame is not complete); what came before was read")
        );
        byte[] longer = [.. bytes, 1, 2, 3, 4, 5, 6, 7, 8];
        var followed = Load(longer, "longer.zst");
        Assert.That(followed.Traces.Single().Spans, Has.Count.EqualTo(10));
        Assert.That(
            followed.Problems[^1].ToString(),
            Is.EqualTo("longer.zst: the zstd data is damaged or cut off (it is not zstd from here on); what came before was read")
        );
        bytes.AsSpan(40, 64).Fill(0xFF);
        Assert.That(Load(bytes, "damaged.zst").Problems[^1].ToString(), Does.StartWith("damaged.zst: the zstd data is damaged"));
    }

    [Test]
    public void The_window_of_a_zstd_frame_is_bounded()
    {
        byte[] bytes = [.. File.ReadAllBytes(Data.Path("traces/strands/traces.otlp.jsonl.zst")), .. Frame(28, [])];
        var set = Load(bytes, "wide.zst");
        Assert.That(set.Traces.Single().Spans, Has.Count.EqualTo(10));
        Assert.That(
            set.Problems.Single().ToString(),
            Is.EqualTo(
                "wide.zst: the zstd data is too large: a frame wants a window of more than 128 MiB, the most that is kept; "
                    + "what came before was read"
            )
        );
    }

    [Test]
    public void A_zstd_bomb_is_bounded()
    {
        // 20 kB stand for 600 MiB: blocks of one byte that is repeated.
        using var bomb = new MemoryStream();
        bomb.Write(Frame(27, "{\"resourceSpans\":[],\"x\":\""u8.ToArray(), last: false));
        for (var i = 0; i < 600 * 8; i++)
            bomb.Write([0x02, 0x00, 0x10, (byte)'a']);
        bomb.Write([0x01, 0, 0]);
        Assert.That(
            Load(bomb.ToArray(), "bomb.zst").Problems.Single().ToString(),
            Does.StartWith("bomb.zst:1: the line is longer than 256 MiB")
        );
    }

    // A frame of one raw block, and the window it wants, as a power of two.
    private static byte[] Frame(int window, byte[] content, bool last = true)
    {
        var block = (content.Length << 3) | (last ? 1 : 0);
        return [0x28, 0xB5, 0x2F, 0xFD, 0, (byte)((window - 10) << 3), (byte)block, (byte)(block >> 8), (byte)(block >> 16), .. content];
    }

    private static TraceSet Load(byte[] bytes, string name, bool strict = false) => TraceFiles.Load(new MemoryStream(bytes), name, strict);

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
