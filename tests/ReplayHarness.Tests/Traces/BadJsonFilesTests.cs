using System.Text;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.WireMock;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>
/// JSON files whose bytes are no text, or whose values have another type than they should: one message that names the place.
/// </summary>
public sealed class BadJsonFilesTests
{
    [TestCase("metrics.json", "{\n \"slo\u00FFlatency_ms\": 2500}", ":2:6: holds a byte that is no UTF-8")]
    [TestCase("metrics.json", "{\n \"synthetic_run_status\": \"p\\ud800ss\"}", ":2:26: the text holds half of a surrogate pair")]
    [TestCase("stubs.json", "{\"map\u00FFings\": []}", ":1:6: holds a byte that is no UTF-8")]
    [TestCase("stubs.json", "{\"mappings\": [{\"priority\": \"NaN\"}]}", ": $.mappings[0].priority: expected a whole number")]
    [TestCase("stubs.json", "{\"request\": 7, \"response\": {}}", ": $.request: expected an object")]
    [TestCase(
        "stubs.json",
        "{\"request\": {\"method\":\"GET\",\"url\":\"/x\"}, \"response\": {\"headers\":[]}}",
        ": $.response.headers: expected an object"
    )]
    [TestCase(
        "stubs.json",
        "{\"request\": {\"method\":\"GET\",\"url\":\"/x\"}, \"response\": {\"status\":\"x\"}}",
        ": $.response.status: expected a number"
    )]
    [TestCase(
        "stubs.json",
        "{\"request\": {\"method\":\"GET\",\"url\":\"/x\"}, \"response\": {\"status\":1e300}}",
        ": $.response.status: expected a whole number"
    )]
    [TestCase(
        "stubs.json",
        "{\"request\": {\"method\":\"GET\",\"url\":\"/x\"}, \"response\": {\"chunkedDribbleDelay\":7}}",
        ": $.response.chunkedDribbleDelay: expected an object"
    )]
    [TestCase(
        "stubs.json",
        "{\"request\": {\"method\":\"GET\",\"url\":\"/x\",\"queryParameters\":7}, \"response\": {}}",
        ": $.request.queryParameters: expected an object"
    )]
    [TestCase(
        "stubs.json",
        "{\"request\": {\"method\":\"GET\",\"url\":\"http://a/x\",\"bodyPatterns\":[7]}, \"response\": {}}",
        ": $.request.bodyPatterns[0]: expected an object"
    )]
    [TestCase(
        "stubs.json",
        "{\"request\": {\"method\":\"GET\",\"url\":\"http://a/x\",\"bodyPatterns\":[{\"equalToJson\":\"{\"}]}, \"response\": {}}",
        ": $.request.bodyPatterns[0].equalToJson: is not JSON"
    )]
    [TestCase("fixture.json", "{\"schemaVersion\":1,\"incident\":\"\u00FF\"}", ":1:32: holds a byte that is no UTF-8")]
    [TestCase("fixture.json", "{\"schemaVersion\":1,\"incident\":\"\\udc00\"}", ":1:31: the text holds half of a surrogate pair")]
    public void One_message_that_names_the_place(string name, string text, string message)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, name);
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(text));
        Action read = name switch
        {
            "metrics.json" => () => MetricsJson.Read(file),
            "stubs.json" => () => WireMockFiles.Read(file, new Uri("http://a"), static _ => { }),
            _ => () => FixtureFolder.Load(folder.Path),
        };
        Assert.That(() => read(), Throws.TypeOf<BadInputException>().With.Message.StartsWith(file + message));
    }

    [Test]
    public void A_row_of_Application_Insights_without_an_id_is_left_out_alone()
    {
        const string row =
            """{"timestamp":"2026-05-28T20:26:40Z","itemType":"dependency","operation_Id":"0af7651916cd43dd8448eb211c80319c","name":"x","duration":1,"id":""";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"[{row}\"\"}},{row}\"01\"}}]"));
        var set = TraceFiles.Load(stream, "rows");
        Assert.That(set.Traces.SelectMany(t => t.Spans).Count(), Is.EqualTo(1));
        Assert.That($"{set.Problems.Single()}", Is.EqualTo("rows:1: $[0].id: is empty; expected a span's id; it was left out"));
    }
}
