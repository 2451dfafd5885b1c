using System.Text;
using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>
/// Large files are scanned and read by trace: what comes out is what loading them whole gives, whatever their lines look like.
/// </summary>
public sealed class LargeFilesTests
{
    private static readonly ReadOptions s_large = new() { LargeFrom = 0 };

    private static IEnumerable<TestCaseData> Files() =>
        Data.AllFiles()
            .Where(f => f.EndsWith(".jsonl", StringComparison.Ordinal))
            .Select(f => new TestCaseData(f).SetArgDisplayNames(Path.GetRelativePath(Data.Root, f)));

    [TestCaseSource(nameof(Files))]
    public void Read_as_when_loaded_whole(string file) => SameAsWhole(File.ReadAllBytes(file));

    private static IEnumerable<TestCaseData> Lines()
    {
        var line = File.ReadLines(Data.TracesOf("strands")).First();
        yield return Case("a blank line, CRLF", $"{line}\r\n\r\n{line}\r\n");
        yield return Case("no line end", $"{line}\n{line[..^1]} }}");
        yield return Case("an escaped key", line.Replace("\"traceId\"", "\"trace\\u0049d\"", StringComparison.Ordinal));
        yield return Case("escaped digits", line.Replace("\"traceId\":\"", "\"traceId\":\"\\u0030", StringComparison.Ordinal));
        yield return Case(
            "upper-case hex",
            System.Text.RegularExpressions.Regex.Replace(line, "Id\":\"[0-9a-f]+\"", m => "Id" + m.Value[2..].ToUpperInvariant())
        );
        yield return Case("a truncated line", $"{line[..(line.Length / 2)]}\n{line}\n");
        yield return Case("cut within white space", $"{line[..(line.IndexOf("\"spans\":[", StringComparison.Ordinal) + 9)]}\n{line}\n");
        yield return Case("text between", $"{line}\nhello\n{line}\n");
        yield return Case("two requests in a line", $"{line}{line}\n{line}");
        yield return Case("a list of requests", $"[{line},{line}]\n{line}");
        yield return Case("another signal", $"{{\"resourceLogs\":[]}}\n{line}");
        yield return Case("an unknown form", $"{{\"hello\":1}}\n{line}\n{{}}");
        yield return Case("resource after its spans", Reordered(line));
        yield return Case("old names", line.Replace("scopeSpans", "instrumentationLibrarySpans", StringComparison.Ordinal));
        yield return Case("nesting", $"{{\"x\":{new string('[', 10_000)}{new string(']', 10_000)}}}\n{line}");
        yield return Case(
            "a wrong type",
            line.Replace("\"startTimeUnixNano\":\"", "\"startTimeUnixNano\":{},\"x\":\"", StringComparison.Ordinal)
        );
        yield return Case(
            "numbers as numbers",
            System.Text.RegularExpressions.Regex.Replace(line, "\"(startTimeUnixNano|endTimeUnixNano)\":\"(\\d+)\"", "\"$1\": $2 ")
        );
        yield return Case(
            "white space",
            JsonNode.Parse(line)!.ToJsonString(new() { WriteIndented = true }).Replace("\n", " ", StringComparison.Ordinal)
        );
        yield return Case(
            "a span twice, with other content",
            $"{line}\n{line.Replace("\"name\":\"", "\"name\":\"x", StringComparison.Ordinal)}"
        );

        static TestCaseData Case(string name, string text) => new TestCaseData(Encoding.UTF8.GetBytes(text)).SetName($"Lines: {name}");
    }

    private static string Reordered(string line)
    {
        var request = JsonNode.Parse(line)!;
        foreach (var group in request["resourceSpans"]!.AsArray())
        {
            var resource = group!["resource"];
            group.AsObject().Remove("resource");
            group["resource"] = resource;
        }
        return request.ToJsonString();
    }

    [TestCaseSource(nameof(Lines))]
    public void Odd_lines_are_the_referees(byte[] content) =>
        SameAsWhole([.. Encoding.UTF8.GetBytes(File.ReadLines(Data.TracesOf("vercel-ai7-genai")).First() + "\n"), .. content]);

    [Test]
    public void Invalid_utf8_is_reported_and_the_rest_is_read()
    {
        var bytes = File.ReadAllBytes(Data.TracesOf("strands"));
        bytes[bytes.AsSpan().IndexOf("search_orders"u8)] = 0xFF;
        using var folder = new TempFolder();
        var (large, problems) = Read(folder, bytes);
        Assert.That(large.Sum(t => t.Spans.Count), Is.EqualTo(10), "an attribute costs no span");
        Assert.That(problems.Single(), Does.Match(@"byte \d+\.events\[\d+\]\.attributes\[\d+\]"));
    }

    [Test]
    public void A_query_reads_only_what_it_asks_for()
    {
        using var folder = new TempFolder();
        var path = folder.Write("day.jsonl", File.ReadAllText(Data.DriveTimeout) + File.ReadAllText(Data.ThreeRuns));
        var whole = TraceFiles.Load(path).Traces;
        foreach (
            var query in (TraceQuery[])
                [
                    new() { Where = ("task_id", Data.TaskId) },
                    new() { Where = ("attempt", "2") },
                    new() { Where = ("service.name", "mailpilot") },
                    new() { Where = ("no", "such") },
                    new() { TraceId = Data.FirstAttempt[..8] },
                    new() { FailedOnly = true },
                    new() { Environment = "production" },
                ]
        )
        {
            using var reading = TraceReading.Open(path, query, s_large);
            Assert.That(
                reading.Traces(query).Select(t => t.TraceId),
                Is.EqualTo(whole.Where(query.Matches).Select(t => t.TraceId)),
                query.ToString()
            );
        }
    }

    [TestCase("""{"key":"task\u005fid","value":{"stringValue":"7"}}""", "7")]
    [TestCase("""{"key":"task_id","value":{"stringValue":"\u0037\/8"}}""", "7/8")]
    [TestCase("""{"key":"task_id","value":{"intValue":"7"}}""", "7")]
    [TestCase("""{"value":{"intValue":-7},"key":"task_id"}""", "-7")]
    [TestCase("""{"key":"task_id","value":{"doubleValue":7.0}}""", "7")]
    [TestCase("""{"key":"task_id","value":{"boolValue":true}}""", "true")]
    [TestCase("""{"key":"task_id","value":{"arrayValue":{"values":[{"intValue":"7"},{"stringValue":"a"}]}}}""", """[7,"a"]""")]
    public void A_value_is_found_however_it_is_written(string attribute, string value)
    {
        using var folder = new TempFolder();
        var line = File.ReadLines(Data.TracesOf("strands")).First();
        var path = folder.Write(
            "day.jsonl",
            $"{line.Replace("\"attributes\":[", $"\"attributes\":[{attribute},", StringComparison.Ordinal)}\n"
                + File.ReadAllText(Data.DriveTimeout)
        );
        var query = new TraceQuery { Where = ("task_id", value) };
        using var noted = TraceReading.Open(path, query, s_large with { UseIndex = false });
        using var notNoted = TraceReading.Open(path, TraceQuery.All, s_large with { UseIndex = false });
        Assert.That(noted.Traces(query).Count(), Is.EqualTo(1));
        Assert.That(notNoted.Traces(query).Count(), Is.EqualTo(1), "of a key that was not noted, every trace is looked at");
    }

    [Test]
    public void An_index_is_kept_beside_the_file_and_follows_it()
    {
        using var folder = new TempFolder();
        var lines = File.ReadAllLines(Data.DriveTimeout);
        var path = folder.Write("day.jsonl", lines[0] + "\n");
        int Spans(ReadOptions options)
        {
            using var reading = TraceReading.Open(path, TraceQuery.All, options);
            return reading.Traces(TraceQuery.All).Sum(t => t.Spans.Count);
        }
        int Whole() => TraceFiles.Load(path).Traces.Sum(t => t.Spans.Count);

        Assert.That(Spans(s_large with { UseIndex = false }), Is.EqualTo(Whole()));
        Assert.That(File.Exists(path + ".rhx"), Is.False, "no index was wanted");
        Assert.That((Spans(s_large), Spans(s_large)), Is.EqualTo((Whole(), Whole())));
        Assert.That(File.Exists(path + ".rhx"), Is.True);
        File.AppendAllText(path, string.Join('\n', lines.Skip(1)) + "\n");
        var scanned = new List<long>();
        Assert.That(Spans(s_large with { Progress = new Scanned(scanned) }), Is.EqualTo(Whole()), "what was appended is read");
        Assert.That(scanned.Max(), Is.EqualTo(new FileInfo(path).Length));
        File.WriteAllText(path, File.ReadAllText(Data.ThreeRuns));
        Assert.That(Spans(s_large), Is.EqualTo(Whole()), "another file under the same name is scanned anew");
        // A byte between the samples that an index keeps of its file: only the time of the file tells.
        var text = File.ReadAllText(path);
        var at = text.IndexOf("\"spanId\":\"", 5000, StringComparison.Ordinal) + 10;
        Assert.That(at, Is.LessThan(8000));
        File.WriteAllText(path, text[..at] + (text[at] == '0' ? '1' : '0') + text[(at + 1)..]);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using (var reading = TraceReading.Open(path, new() { Where = ("run_id", "x") }, s_large))
            Assert.That(reading.Problems, Is.Empty);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        scanned.Clear();
        Assert.That(Spans(s_large with { Progress = new Scanned(scanned) }), Is.EqualTo(Whole()));
        Assert.That(scanned, Is.Not.Empty, "so is one that was changed within its size");
        File.WriteAllText(path, File.ReadLines(path).First() + "\n");
        Assert.That(Spans(s_large), Is.EqualTo(Whole()), "so is one that was cut");
        var index = File.ReadAllBytes(path + ".rhx");
        foreach (
            var damage in (Func<byte[], byte[]>[])
                [b => b[..^9], b => [], b => [.. b.Reverse()], b => [.. b.Select((x, i) => i == b.Length / 2 ? (byte)~x : x)]]
        )
        {
            File.WriteAllBytes(path + ".rhx", damage(index));
            Assert.That(Spans(s_large), Is.EqualTo(Whole()), "a damaged index is no index");
        }
    }

    [TestCase(0.0)]
    [TestCase(0.5)]
    [TestCase(1.0)]
    public void An_index_is_not_believed_of_other_content_of_the_same_size_and_time(double place)
    {
        using var folder = new TempFolder();
        var lines = File.ReadAllLines(Data.DriveTimeout);
        var text = string.Join('\n', Enumerable.Repeat(lines, 20).SelectMany(l => l)) + "\n";
        var path = folder.Write("day.jsonl", text);
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, time);
        bool IsScanned()
        {
            var scanned = new List<long>();
            TraceReading.Open(path, TraceQuery.All, s_large with { Progress = new Scanned(scanned) }).Dispose();
            return scanned.Count > 0;
        }

        Assert.That((IsScanned(), IsScanned()), Is.EqualTo((true, false)));
        // A digit of an id at the beginning, in the middle or at the end.
        var from = (int)(place * text.Length);
        var at =
            (place < 1 ? text.IndexOf("Id\":\"", from, StringComparison.Ordinal) : text.LastIndexOf("Id\":\"", StringComparison.Ordinal))
            + 5;
        File.WriteAllText(path, text[..at] + (text[at] == '0' ? '1' : '0') + text[(at + 1)..]);
        File.SetLastWriteTimeUtc(path, time);
        Assert.That(IsScanned(), Is.True);
    }

    private sealed class Scanned(List<long> seen) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value)
        {
            lock (seen)
                seen.Add(value.Done);
        }
    }

    [Test]
    public void A_strict_reading_ends_at_the_first_problem()
    {
        using var folder = new TempFolder();
        var line = File.ReadLines(Data.TracesOf("strands")).First();
        var path = folder.Write("day.jsonl", $"{line}\n{line.Replace("\"name\":\"", "\"name\":\"x", StringComparison.Ordinal)}\n");
        using var reading = TraceReading.Open(path, TraceQuery.All, s_large with { Strict = true, UseIndex = false });
        Assert.That(
            () => reading.Traces(TraceQuery.All).ToArray(),
            Throws.TypeOf<BadInputException>().With.Message.StartsWith(path + ": byte ").And.Message.Contains("Read without strictness")
        );
    }

    [Test]
    public void A_file_that_is_cut_while_it_is_read_loses_only_what_is_gone()
    {
        using var folder = new TempFolder();
        var path = folder.Write("day.jsonl", File.ReadAllText(Data.DriveTimeout));
        using var reading = TraceReading.Open(path, TraceQuery.All, s_large);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(file.Length / 2);
        var spans = reading.Traces(TraceQuery.All).Sum(t => t.Spans.Count);
        Assert.That(spans, Is.InRange(1, Data.Load(Data.DriveTimeout).Sum(t => t.Spans.Count) - 1));
        Assert.That(reading.Problems[0].ToString(), Does.StartWith(path + ": byte ").And.Contain("cut off"));
    }

    [Test]
    public void A_line_of_any_length_is_read_span_by_span()
    {
        var request = JsonNode.Parse(File.ReadLines(Data.TracesOf("vercel-ai7-genai")).First())!;
        var spans = request["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray();
        var one = spans[0]!.DeepClone();
        one["attributes"]!
            .AsArray()
            .Add(
                new JsonObject
                {
                    ["key"] = "pad",
                    ["value"] = new JsonObject { ["stringValue"] = new string('\\', 300_000) + "\"" },
                }
            );
        for (var i = 0; i < 100; i++)
        {
            one["spanId"] = (i + 1).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
            spans.Add(one.DeepClone());
        }
        using var folder = new TempFolder();
        // Lines before it, too: the long one fills whole ranges of the scan.
        var (large, problems) = Read(
            folder,
            Encoding.UTF8.GetBytes(File.ReadAllText(Data.ThreeRuns) + request.ToJsonString() + "\n" + File.ReadAllText(Data.DriveTimeout))
        );
        Assert.That(
            (large.Count, large.Sum(t => t.Spans.Count(s => s.Attributes.Has("pad"))), problems.Length),
            Is.EqualTo((5 + Data.Load(Data.ThreeRuns).Count, 100, 0))
        );
    }

    [Test]
    public void Frames_of_protobuf_are_read_by_trace(
        [Values] OtlpVariantsTests.Frames frames,
        [Values("whole", "cut", "a request in it damaged", "compressed", "a length that cannot be")] string state
    )
    {
        byte[][] requests =
        [
            .. Directory
                .GetFiles(Data.Path("traces"), "*.pb", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes),
        ];
        if (state == "a request in it damaged")
            requests[1].AsSpan(300, 40).Fill(0xFF);
        byte[] content =
        [
            .. requests.SelectMany((r, i) => OtlpVariantsTests.Framed(r, frames, compressed: state == "compressed" && i == 2)),
        ];
        if (state == "a length that cannot be")
            content = [.. content, .. Enumerable.Repeat((byte)0xFF, 9), 0x7F, .. content];
        SameAsWhole(state == "cut" ? content[..^50] : content);
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "day.pb");
        File.WriteAllBytes(path, content);
        var query = new TraceQuery { Where = ("service.name", "order-agent") };
        using (var first = TraceReading.Open(path, query, s_large))
            Assert.That(Written(first.Traces(query)), Is.EqualTo(Written(TraceFiles.Load(path).Traces.Where(query.Matches))));
        // An index of the beginning goes on when the file grows.
        File.AppendAllText(path, "");
        using (var stream = new FileStream(path, FileMode.Append))
            stream.Write(OtlpVariantsTests.Framed(requests[0], frames));
        using var grown = TraceReading.Open(path, query, s_large);
        Assert.That(Written(grown.Traces(query)), Is.EqualTo(Written(TraceFiles.Load(path).Traces.Where(query.Matches))));
    }

    private static void SameAsWhole(byte[] content)
    {
        using var folder = new TempFolder();
        var (large, problems) = Read(folder, content);
        var whole = TraceFiles.Load(Path.Combine(folder.Path, "day.jsonl"));
        Assert.That(Written(large), Is.EqualTo(Written(whole.Traces)));
        Assert.That(
            problems,
            Has.Length.EqualTo(whole.Problems.Count),
            string.Join('\n', problems) + "\n--\n" + string.Join('\n', whole.Problems)
        );
    }

    private static (IReadOnlyList<Trace> Traces, string[] Problems) Read(TempFolder folder, byte[] content)
    {
        var path = Path.Combine(folder.Path, "day.jsonl");
        File.WriteAllBytes(path, content);
        using var reading = TraceReading.Open(path, TraceQuery.All, s_large with { UseIndex = false });
        Trace[] traces = [.. reading.Traces(TraceQuery.All)];
        return (traces, [.. reading.Problems.Select(p => p.ToString())]);
    }

    private static string Written(IEnumerable<Trace> traces)
    {
        using var stream = new MemoryStream();
        OtlpJson.Write(stream, traces);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
