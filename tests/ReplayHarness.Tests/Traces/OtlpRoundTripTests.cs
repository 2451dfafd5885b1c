using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>What is written can be read, and the order in which spans arrive decides nothing.</summary>
public sealed class OtlpRoundTripTests
{
    private static IEnumerable<TestCaseData> Files() =>
        Data.AllFiles().Select(f => new TestCaseData(f).SetArgDisplayNames(Path.GetRelativePath(Data.Root, f)));

    [TestCaseSource(nameof(Files))]
    public void Written_traces_are_read_as_they_were(string file)
    {
        var traces = Data.Load(file);
        var first = Write(traces);
        var again = Read(first);
        Assert.That(Write(again), Is.EqualTo(first));
        Assert.That(again.SelectMany(ShapesOf), Is.EqualTo(traces.SelectMany(ShapesOf)));
    }

    [Test]
    public void Spans_of_a_trace_may_come_in_any_order_and_in_any_line()
    {
        string[] spans = [.. SingleSpanRequests(Data.DriveTimeout)];
        var expected = Write(Data.Load(Data.DriveTimeout));
        var property = Prop.ForAll(Gen.Shuffle(spans).ToArbitrary(), shuffled => Write(Read(string.Join('\n', shuffled))) == expected);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), property);
    }

    [Test]
    public void One_document_over_many_lines_and_a_list_of_requests_are_read_alike()
    {
        var lines = File.ReadAllLines(Data.DriveTimeout).Where(l => l.Length > 0).ToArray();
        var expected = Write(Data.Load(Data.DriveTimeout));
        var list = new JsonArray([.. lines.Select(l => JsonNode.Parse(l))]);
        Assert.That(Write(Read(list.ToJsonString())), Is.EqualTo(expected));
        Assert.That(Write(Read(list.ToString())), Is.EqualTo(expected));
        Assert.That(Write(Read("\uFEFF" + string.Join("\r\n", lines))), Is.EqualTo(expected));
    }

    private static IEnumerable<string> SingleSpanRequests(string file) =>
        from line in File.ReadAllLines(file)
        from resource in JsonNode.Parse(line)!["resourceSpans"]!.AsArray()
        from scope in resource!["scopeSpans"]!.AsArray()
        from span in scope!["spans"]!.AsArray()
        select new JsonObject
        {
            ["resourceSpans"] = new JsonArray(
                new JsonObject
                {
                    ["resource"] = resource["resource"]?.DeepClone(),
                    ["scopeSpans"] = new JsonArray(
                        new JsonObject { ["scope"] = scope["scope"]?.DeepClone(), ["spans"] = new JsonArray(span!.DeepClone()) }
                    ),
                }
            ),
        }.ToJsonString();

    private static IEnumerable<string> ShapesOf(Trace trace) => AgentRuns.Read(trace).Select(r => InspectedRun.Of(r).Shape.ToString());

    private static string Write(IEnumerable<Trace> traces)
    {
        using var stream = new MemoryStream();
        OtlpJson.Write(stream, traces);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static IReadOnlyList<Trace> Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return TraceFiles.Load(stream, "text", strict: true).Traces;
    }
}
