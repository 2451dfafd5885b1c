using System.IO.Compression;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Parquet files as ClickHouse and DuckDB write them are read as rows of their forms are.</summary>
public sealed class ParquetTests
{
    private static string File(string name) => Path.Combine(Data.Root, "Data", "parquet", name + ".parquet");

    private static TraceSet Load(string name) => TraceFiles.Load(File(name));

    [TestCase("clickhouse")]
    [TestCase("clickhouse-bytes")]
    [TestCase("clickhouse-groups")]
    [TestCase("clickhouse-gzip")]
    [TestCase("clickhouse-snappy")]
    [TestCase("clickhouse-lz4")]
    public void ClickHouses_table(string name)
    {
        var set = Load(name);
        Assert.That(set.Problems, Is.Empty);
        var spans = set.Traces.Single().Spans;
        Assert.That(
            spans.Select(s => (s.SpanId, s.ParentSpanId, s.Name, s.EndNanos - s.StartNanos, s.Status)),
            Is.EqualTo(
                new[]
                {
                    ("00000000000000a1", null, "invoke_agent mail", 65_500_000_123, SpanStatus.Error),
                    ("00000000000000a2", "00000000000000a1", "chat gpt", 1_000_000_001, SpanStatus.Ok),
                    ("00000000000000a3", "00000000000000a1", "execute_tool read", 60_830_000_000, SpanStatus.Error),
                }
            )
        );
        Assert.That(spans[0].StartNanos % 1_000_000_000, Is.EqualTo(164_849_001));
        Assert.That(spans[0].Events.Select(e => (e.Name, e.Attributes.Count)), Is.EqualTo(new[] { ("exception", 2), ("note", 0) }));
        Assert.That(spans[0].Resource.Text("deployment.environment.name"), Is.EqualTo("production"));
        Assert.That(spans[1].Links.Single().Attributes.Text("why"), Is.EqualTo("retry"));
        Assert.That(spans[2].Text("text"), Is.EqualTo("Zwölf „Käse“ 🧀"));
    }

    [Test]
    public void Logfires_columns_with_the_nanoseconds_they_have()
    {
        var spans = Load("logfire-duckdb").Traces.Single().Spans;
        Assert.That(spans[0].StartNanos % 1_000_000_000, Is.EqualTo(164_849_001));
        Assert.That(spans[0].Text("task_id"), Is.EqualTo("42"));
        var micros = Load("logfire-us").Traces.Single().Spans;
        Assert.That(micros[0].StartNanos % 1_000_000_000, Is.EqualTo(164_849_000));
    }

    [Test]
    public void Phoenixs_dataframe()
    {
        var set = Load("phoenix-duckdb");
        Assert.That(set.Problems, Is.Empty);
        var spans = set.Traces.Single().Spans;
        Assert.That(spans[1].Text("llm.input_messages.1.content"), Is.EqualTo("Käse"));
        Assert.That(spans[1].Text("llm.token_count.prompt"), Is.EqualTo("12"));
        Assert.That(spans[0].Events.Single().Attributes.Text("exception.type"), Is.EqualTo("TimeoutError"));
        Assert.That(spans[0].Text("llm.model_name"), Is.Null);
    }

    [Test]
    public void Columns_of_every_other_type_do_no_harm()
    {
        var set = Load("odd-types");
        Assert.That((set.Problems.Count, set.Traces.Single().Spans.Count), Is.EqualTo((0, 2)));
    }

    [Test]
    public void A_table_without_rows_holds_nothing() =>
        Assert.That(Load("clickhouse-empty"), Has.Property("Traces").Empty.And.Property("Problems").Empty);

    [Test]
    public void A_table_of_something_else_is_refused_with_its_columns() =>
        Assert.That(
            () => Load("unknown"),
            Throws.TypeOf<BadInputException>().With.Message.Contains("its columns are a, odd, name, d").And.Message.Contains("ClickHouse")
        );

    [Test]
    public void A_torn_file_is_one_clear_error_wherever_it_was_torn()
    {
        var whole = System.IO.File.ReadAllBytes(File("clickhouse"));
        for (var length = 4; length < whole.Length; length += 97)
        {
            using var torn = new MemoryStream(whole, 0, length);
            Assert.That(
                () => TraceFiles.Load(torn, "torn"),
                Throws.TypeOf<BadInputException>().With.Message.StartsWith("torn: is a Parquet file that is damaged or cut off"),
                $"{length} bytes"
            );
        }
    }

    [Test]
    public void Damaged_bytes_never_end_in_another_exception()
    {
        var whole = System.IO.File.ReadAllBytes(File("clickhouse-snappy"));
        for (var at = 5; at < whole.Length; at += 61)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x5A;
            using var stream = new MemoryStream(damaged);
            try
            {
                TraceFiles.Load(stream, "damaged");
            }
            catch (BadInputException e)
            {
                Assert.That(e.Message, Does.StartWith("damaged: "));
            }
        }
    }

    // What follows is read as another type, or as more of it than there is.
    [TestCase("clickhouse-lz4", new[] { 10804 }, new[] { 0xD9 })]
    [TestCase("clickhouse-snappy", new[] { 5582, 10691, 10880 }, new[] { 0xFF, 0x51, 0xF1 })]
    [CancelAfter(60_000)]
    public void A_footer_that_says_what_it_does_not_hold_is_refused(string name, int[] places, int[] values, CancellationToken hang)
    {
        var damaged = System.IO.File.ReadAllBytes(File(name));
        foreach (var (place, value) in places.Zip(values))
            damaged[place] = (byte)value;
        var reads = Task.Run(() => TraceFiles.Load(new MemoryStream(damaged), "damaged"), hang);
        Assert.That(async () => await reads.WaitAsync(hang), Throws.TypeOf<BadInputException>().With.Message.Contains("its footer"));
    }

    [Test]
    public void A_stream_that_cannot_be_sought_in_is_read_and_leaves_no_file()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(System.IO.File.ReadAllBytes(File("clickhouse")));
        packed.Position = 0;
        Assert.That(TraceFiles.Load(packed, "x.gz").Traces.Single().Spans, Has.Count.EqualTo(3));
    }
}
