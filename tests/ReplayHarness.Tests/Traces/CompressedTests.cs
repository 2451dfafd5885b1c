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
        Assert.That(compressed.Traces.SelectMany(t => t.Spans).Select(s => s.SpanId), Is.EqualTo(plain.Traces.SelectMany(t => t.Spans).Select(s => s.SpanId)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Gzip_that_is_cut_off_or_damaged_says_so_and_keeps_what_came_before(bool cut)
    {
        // The traces first, then much that can be lost.
        var rest = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"resourceSpans\":[],\"n\":\"{i * 7919 % 104_729}\"}}\n"));
        var bytes = Gzip(System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(Data.DriveTimeout) + rest));
        var place = bytes.Length * 3 / 4;
        if (!cut) bytes.AsSpan(place, 64).Fill(0xFF);
        var set = TraceFiles.Load(new MemoryStream(cut ? bytes[..place] : bytes), "traces.gz");
        Assert.That(set.Traces, Has.Count.EqualTo(4));
        Assert.That(string.Join('\n', set.Problems), Does.StartWith("traces.gz").And.Contain("cut off"));
    }

    [Test]
    public void Zstd_says_how_to_decompress_it()
    {
        var error = Assert.Throws<BadInputException>(() => TraceFiles.Load(new MemoryStream([0x28, 0xB5, 0x2F, 0xFD, 0]), "traces.zst"));
        Assert.That(error!.Message, Is.EqualTo("traces.zst: is compressed with zstd, which is not read; decompress it first: zstd -d traces.zst"));
    }

    private static byte[] Gzip(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest)) gzip.Write(content);
        return output.ToArray();
    }
}
