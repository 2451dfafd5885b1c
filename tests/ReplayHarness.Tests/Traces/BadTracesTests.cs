using System.Text;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>Bad input: one clear error with its place, and the good part is kept unless the reading is strict.</summary>
public sealed class BadTracesTests
{
    private static string Span(
        string id,
        string? parent = null,
        string name = "work",
        string start = "\"1000000000\"",
        string end = "\"2000000000\"",
        string trace = RunBuilder.TraceId
    ) =>
        $$"""{"traceId":"{{trace}}","spanId":"{{id}}","parentSpanId":"{{parent}}","name":"{{name}}","startTimeUnixNano":{{start}},"endTimeUnixNano":{{end}}}""";

    private static string Request(params string[] spans) =>
        $$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{string.Join(",", spans)}}]}]}]}""";

    private static string Id(int n) => n.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private static TraceSet Load(string text, bool strict = false)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return TraceFiles.Load(stream, "traces.jsonl", strict);
    }

    private static IEnumerable<TestCaseData> Problems()
    {
        var good = Request(Span(Id(1)));
        yield return Case(
            "a truncated line",
            $"{good}\n{Request(Span(Id(2)))[..^9]}\n{Request(Span(Id(3)))}\n",
            2,
            "traces.jsonl:2:",
            "not JSON, or cut off"
        );
        yield return Case("a line that is no JSON", $"{good}\nhello\n", 1, "traces.jsonl:2:1:", "not JSON, or cut off");
        yield return Case("a broken first line", $"{{oops\n{good}\n", 1, "traces.jsonl:1:2:", "not JSON, or cut off");
        yield return Case(
            "a wrong type",
            Request(Span(Id(1)), Span(Id(2), start: "{}")),
            1,
            "$.resourceSpans[0].scopeSpans[0].spans[1].startTimeUnixNano",
            "expected"
        );
        yield return Case(
            "a missing id",
            Request(Span(Id(1)), """{"name":"x"}"""),
            1,
            "spans[1].traceId",
            "missing; expected 32 hex digits"
        );
        yield return Case("an id of the wrong length", Request(Span(Id(1)), Span("12")), 1, "spans[1].spanId", "expected 16 hex digits");
        yield return Case(
            "spans that are no list",
            $"{good}\n{{\"resourceSpans\":[{{\"scopeSpans\":[{{\"spans\":7}}]}}]}}",
            1,
            "$.resourceSpans[0]",
            "expected"
        );
        yield return Case("an object of no known form", $"{good}\n{{\"hello\":1}}", 1, "traces.jsonl:2", "of no known form");
        yield return Case(
            "a duplicate id",
            Request(Span(Id(1)), Span(Id(1), name: "other")),
            1,
            "spans[1]",
            "occurs twice with different content"
        );
        yield return Case(
            "a duplicate id with an event more",
            Request(Span(Id(1)), WithEvent(Span(Id(1)), "exception")),
            1,
            "spans[1]",
            "occurs twice with different content"
        );
        yield return Case(
            "a duplicate id with another event",
            Request(WithEvent(Span(Id(1)), "exception"), WithEvent(Span(Id(1)), "gen_ai.choice")),
            1,
            "spans[1]",
            "occurs twice with different content"
        );
        yield return Case("a cycle of parents", Request(Span(Id(1), Id(2)), Span(Id(2), Id(1)), Span(Id(3))), 3, "spans[", "form a cycle");
        yield return Case("a span that is its own parent", Request(Span(Id(1), Id(1))), 1, "spans[0]", "form a cycle");
        yield return Case("time that runs backwards", Request(Span(Id(1), end: "\"1\"")), 1, "spans[0]", "before it starts");
        yield return Case(
            "nesting without end",
            $"{good}\n{new string('[', 300)}{new string(']', 300)}",
            1,
            "traces.jsonl:2:",
            "nested deeper"
        );

        static string WithEvent(string span, string name) =>
            span.Insert(1, $"\"events\":[{{\"name\":\"{name}\",\"timeUnixNano\":\"1\"}}],");

        static TestCaseData Case(string name, string text, int spans, string place, string message) =>
            new TestCaseData(text, spans, place, message).SetName($"Bad: {name}");
    }

    [TestCaseSource(nameof(Problems))]
    public void Bad(string text, int spans, string place, string message)
    {
        var set = Load(text);
        Assert.That(set.Traces.Sum(t => t.Spans.Count), Is.EqualTo(spans), "the good part is kept");
        Assert.That(set.Problems, Has.Count.EqualTo(1));
        Assert.That(set.Problems[0].ToString(), Does.Contain(place).And.Contain(message));
        var strict = Assert.Throws<BadInputException>(() => Load(text, strict: true))!;
        Assert.That(strict.Message, Does.Contain(place).And.EndWith("Read without strictness, the rest is kept."));
    }

    [Test]
    public void Clocks_that_differ_between_services_are_told_once_for_each_pair()
    {
        string Of(string service, string span) =>
            Request(span)
                .Replace(
                    "[{\"scopeSpans\"",
                    "[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
                        + $"\"value\":{{\"stringValue\":\"{service}\"}}}}]}},\"scopeSpans\"",
                    StringComparison.Ordinal
                );
        var set = Load(
            string.Join(
                '\n',
                Of("a", Span(Id(1), start: "\"5000000000\"", end: "\"9000000000\"")),
                Of("b", Span(Id(2), Id(1))),
                Of("b", Span(Id(3), Id(1))),
                Of("a", Span(Id(4), Id(1), start: "\"4000000000\"", end: "\"4500000000\""))
            )
        );
        Assert.That(
            set.Problems.Single().ToString(),
            Does.EndWith($"span {Id(2)} of b starts 4000 ms before its parent in a: their clocks differ; times were left as they are")
        );
        Assert.That(set.Traces.Single().Spans, Has.Count.EqualTo(4));
    }

    [Test]
    public void Of_a_member_that_stands_twice_the_last_counts()
    {
        var trace = Load(
            Request(Span(Id(1)).Replace("\"name\":\"work\"", "\"name\":\"first\",\"name\":\"last\"", StringComparison.Ordinal))
        )
            .Traces.Single();
        Assert.That(trace.Spans.Single().Name, Is.EqualTo("last"));
    }

    [Test]
    public void A_line_that_is_too_long_is_left_out_and_the_rest_is_read()
    {
        // Longer than any line that is read: text that is made while it is read.
        using var stream = new LongLine(
            Encoding.UTF8.GetBytes(Request(Span(Id(1))) + "\n{\"x\":\""),
            300 << 20,
            Encoding.UTF8.GetBytes("\"}\n" + Request(Span(Id(2))))
        );
        var set = TraceFiles.Load(stream, "traces.jsonl");
        Assert.That(
            set.Problems.Single().ToString(),
            Is.EqualTo("traces.jsonl:2: the line is longer than 256 MiB, the most that is read; it was left out")
        );
        Assert.That(set.Traces.Single().Spans, Has.Count.EqualTo(2));
    }

    private sealed class LongLine(byte[] before, long length, byte[] after) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _at;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var rest = before.Length + length + after.Length - _at;
            var read = (int)Math.Min(count, rest);
            for (var i = 0; i < read; i++, _at++)
                buffer[offset + i] =
                    _at < before.Length ? before[_at]
                    : _at < before.Length + length ? (byte)'a'
                    : after[_at - before.Length - length];
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    [Test]
    public void A_cycle_loses_no_span_and_leaves_a_tree()
    {
        var trace = Load(Request(Span(Id(1), Id(3)), Span(Id(2), Id(1)), Span(Id(3), Id(2)), Span(Id(4), Id(2)))).Traces.Single();
        Assert.That(trace.Roots, Has.Count.EqualTo(1));
        Assert.That(trace.DescendantsOf(trace.Roots[0]).Count(), Is.EqualTo(3));
    }

    [Test]
    public void A_span_that_is_sent_again_is_no_problem()
    {
        var set = Load($"{Request(Span(Id(1)))}\n{Request(Span(Id(1)))}\n");
        Assert.That((set.Problems.Count, set.Traces.Single().Spans.Count), Is.EqualTo((0, 1)));
    }

    [TestCase("", "is empty")]
    [TestCase("   \n\t ", "is empty")]
    [TestCase("time,message\n1,hello", "of no known container")]
    [TestCase(
        "info: desk[0]\n      started\nActivity.TraceId:            8d2c4f6a1b9e3f7d2c5a8b4e6f1a9c3d\n",
        "console exporter of .NET prints"
    )]
    public void What_is_no_trace_file_is_refused(string text, string message) =>
        Assert.That(
            () => Load(text),
            Throws.TypeOf<BadInputException>().With.Message.Contains(message).And.Message.Contains("traces.jsonl")
        );

    [Test]
    public void A_truncated_protobuf_file_keeps_what_is_whole()
    {
        var bytes = File.ReadAllBytes(Data.Path("traces/strands/export-006.otlp.pb"));
        using var whole = new MemoryStream(bytes);
        using var cut = new MemoryStream(bytes[..^40]);
        var all = TraceFiles.Load(whole, "export.pb", strict: true).Traces.Sum(t => t.Spans.Count);
        var set = TraceFiles.Load(cut, "export.pb");
        Assert.That(set.Problems, Has.Count.EqualTo(1));
        Assert.That(set.Problems[0].ToString(), Does.StartWith("export.pb").And.Contain("byte"));
        Assert.That(set.Traces.Sum(t => t.Spans.Count), Is.EqualTo(all - 1));
    }
}
