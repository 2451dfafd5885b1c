using System.Text;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>
/// An attribute that has an odd form costs itself at most, and a file that is read by trace tells the same as one that is loaded whole.
/// </summary>
public sealed class OddAttributesTests
{
    private const string Good = """{"key":"task.id","value":{"stringValue":"T-1"}}""";

    [TestCase("""{"key":1,"value":{"stringValue":"x"}}""", ".key: is a number; expected text")]
    [TestCase("""{"key":null,"value":{"stringValue":"x"}}""", null)]
    [TestCase("""{"value":{"stringValue":"x"}}""", null)]
    [TestCase("""{"key":"task.id"}""", null)]
    [TestCase("""{"key":"task.id","value":null}""", null)]
    [TestCase("""{"key":"task.id","value":{}}""", null)]
    [TestCase("""{"key":"task.id","value":"T-1"}""", null)]
    [TestCase("""{"key":"task.id","value":7}""", null)]
    [TestCase("""{"key":"task.id","value":[1,"a"]}""", null)]
    [TestCase("""{"key":"task.id","value":{"otherValue":"T-1"}}""", null)]
    [TestCase("""{"key":"task.id","value":{"otherValue":"T-2","stringValue":"T-1"}}""", null)]
    [TestCase("""{"key":"task.id","value":{"stringValue":null,"intValue":"7"}}""", null)]
    [TestCase("""{"key":"task.id","value":{"stringValue":5}}""", ".stringValue: is a number; expected text")]
    [TestCase("""{"key":"task.id","value":{"intValue":"007"}}""", null)]
    [TestCase("""{"key":"task.id","value":{"intValue":"seven"}}""", ".intValue: is \"seven\"; expected a whole number")]
    [TestCase(
        """{"key":"task.id","value":{"intValue":99999999999999999999}}""",
        ".intValue: is 99999999999999999999; expected a whole number"
    )]
    [TestCase("""{"key":"task.id","value":{"doubleValue":1e999}}""", null)]
    [TestCase("""{"key":"task.id","value":{"doubleValue":"7.50"}}""", null)]
    [TestCase("""{"key":"task.id","value":{"doubleValue":"much"}}""", ".doubleValue: is \"much\"; expected a number")]
    [TestCase("""{"key":"task.id","value":{"boolValue":"true"}}""", null)]
    [TestCase("""{"key":"task.id","value":{"bytesValue":"?"}}""", ".bytesValue: is no base64")]
    [TestCase(
        """{"key":"task.id","value":{"kvlistValue":{"values":[{"key":"a","value":{"kvlistValue":{"values":[{"key":"a"}]}}}]}}}""",
        null
    )]
    [TestCase("""{"key":"task.id","value":{"arrayValue":{"values":7}}}""", ".values: is a number; expected a list")]
    [TestCase("""{"key":"task.id","value":{"stringValue":"\ud800"}}""", ".stringValue: is no valid Unicode text")]
    [TestCase("""{"k\u0065y":"task.id","value":{"stringValue":"T-1"}}""", null)]
    [TestCase("""{"key":"task\u002eid","value":{"stringValue":"T-1"}}""", null)]
    [TestCase("""7""", ": is a number; expected an object with key and value")]
    [TestCase("""null""", ": is null; expected an object with key and value")]
    [TestCase("""[]""", ": is a list; expected an object with key and value")]
    [TestCase("""{}""", null)]
    public void One_odd_attribute(string odd, string? problem)
    {
        AssertAlike($$"""{"attributes":[{{odd}},{{Good}}]}""", $"[{Good}]", problem);
        AssertAlike($$"""{"attributes":[{{Good}}]}""", $"[{odd},{Good}]", problem);
        AssertAlike($$"""{"attributes":[{{odd}}]}""", $"[{odd}]", problem);
    }

    [TestCase("""{"attributes":7}""", "attributes: is a number; expected a list")]
    [TestCase("""{"attributes":{"task.id":"T-1"}}""", "attributes: is an object; expected a list")]
    [TestCase("""{"attributes":null}""", null)]
    [TestCase("""7""", null)]
    [TestCase("""null""", null)]
    public void An_odd_resource(string resource, string? problem) => AssertAlike(resource, $"[{Good}]", problem);

    [Test]
    public void A_resource_attribute_that_comes_twice_is_written_as_it_was_read()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "twice.jsonl");
        var twice = """[{"key":"host","value":{"stringValue":"a"}},{"key":"host","value":{"stringValue":"b"}}]""";
        File.WriteAllText(path, Line(1, $$"""{"attributes":{{twice}}}""", twice));
        var traces = TraceFiles.Load(path).Traces;
        Assert.That(traces[0].Spans[0].Resource.Text("host"), Is.EqualTo("b"));
        using var text = new MemoryStream();
        OtlpJson.Write(text, traces);
        Assert.That(Encoding.UTF8.GetString(text.ToArray()), Does.Contain($$"""{"attributes":{{twice}}}"""));
    }

    private static void AssertAlike(string resource, string attributes, string? problem)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "day.jsonl");
        File.WriteAllText(
            path,
            Line(1, """{"attributes":[]}""", $"[{Good}]") + Line(2, resource, attributes) + Line(3, """{"attributes":[]}""", "[]")
        );
        var small = TraceFiles.Load(path);
        Assert.That(small.Traces.SelectMany(t => t.Spans).Count(), Is.EqualTo(3), "an attribute costs no span");
        Assert.That(small.Problems.Count > 0, Is.EqualTo(problem is not null), string.Join('\n', small.Problems));
        Assert.That(
            small.Problems.Select(p => $"{p}"),
            Has.All.Contains($"{problem}").And.All.StartsWith($"{path}:2: $.resourceSpans[0].")
        );
        foreach (var query in (TraceQuery[])[TraceQuery.All, Where("T-1"), Where("7"), Where("7.5"), Where("true"), Where("T-2")])
        {
            using var large = TraceReading.Open(path, query, new() { LargeFrom = 0, UseIndex = false });
            Assert.That(Text(large.Traces(query)), Is.EqualTo(Text(small.Traces.Where(query.Matches))), $"{query.Where}");
            if (query.Where is null)
                Assert.That(large.Problems.Select(p => What($"{p}")), Is.EquivalentTo(small.Problems.Select(p => What($"{p}"))));
        }
    }

    private static TraceQuery Where(string value) => new() { Where = ("task.id", value) };

    private static string What(string problem) => problem[(problem.IndexOf("attributes", StringComparison.Ordinal))..];

    private static string Text(IEnumerable<Trace> traces)
    {
        using var text = new MemoryStream();
        OtlpJson.Write(text, traces);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string Line(int number, string resource, string attributes) =>
        $$$"""{"resourceSpans":[{"resource":{{{resource}}},"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"0000000000000000000000000000000{{{number}}}","spanId":"000000000000000{{{number}}}","name":"x","startTimeUnixNano":"1{{{number}}}","endTimeUnixNano":"20","attributes":{{{attributes}}},"status":{}}]}]}]}"""
        + "\n";
}
