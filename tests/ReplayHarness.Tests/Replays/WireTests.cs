using System.Text;
using System.Text.Json.Nodes;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Replays;

/// <summary>When the pieces of an answer come, and what becomes of answers that break off, in virtual time.</summary>
public sealed class WireTests
{
    private const string Go = """[{"role":"user","parts":[{"type":"text","content":"go"}]}]""";

    [Test]
    public async Task Pieces_come_when_they_came()
    {
        using var folder = new TempFolder();
        var spans = await ReadAsync(folder, turn => turn["streamSeconds"] = new JsonArray(0.5, 0.5, 2, 61));
        // Role, two words, finish; then what every stream ends with comes with the last.
        Assert.That(
            spans.Select(s => s.At),
            Is.EqualTo(new[] { ("piece", 0.5), ("piece", 0.5), ("piece", 0.5), ("piece", 2.0), ("piece", 61.0), ("end", 61.0) })
        );
    }

    [Test]
    public async Task Pieces_come_evenly_where_their_times_were_not_recorded()
    {
        using var folder = new TempFolder();
        var spans = await ReadAsync(folder, static _ => { });
        Assert.That(spans.Select(s => s.At.Item2), Is.EqualTo(new[] { 1.2, 1.2, 1.8, 2.4, 3, 3 }).Within(1e-6));
    }

    [TestCase("cut", "broken by HttpIOException", 3.0)]
    [TestCase("malformed", "end", 3.0)]
    [TestCase("stall", "broken by TaskCanceledException", 91.2)]
    public async Task An_answer_breaks_off(string how, string end, double seconds)
    {
        using var folder = new TempFolder();
        var spans = await ReadAsync(
            folder,
            turn =>
            {
                turn["broken"] = how;
                turn["error"] = new JsonObject
                {
                    ["type"] = "APIConnectionError",
                    ["class"] = "connection",
                    ["exception"] = "System.Net.Http.HttpRequestException",
                    ["message"] = "it broke off",
                };
            }
        );
        Assert.That((spans.Length, spans[^1].At.Item1), Is.EqualTo((4, end)));
        Assert.That(spans[^1].At.Item2, Is.EqualTo(seconds).Within(0.6 * 3));
    }

    [Test]
    public async Task Http_faults_are_met()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(
            folder,
            "faults",
            new RunBuilder { RootError = ("KeyError", "'x'") }
                .Model(0, 1, input: Go, output: Authored.Asks("read", "a"))
                .Tool("read", 1, 1, arguments: Authored.About("a"))
        );
        HttpFaults.Write(fixture);
        var report = await Replay.RunAsync(
            fixture,
            $"ReplayHarness.Tests.Replays.{nameof(MeetsFaults)}",
            new ReplayOptions { Schedules = Schedules.Captured, Hypotheses = ["captured@tool"] }
        );
        var met = Spans(report)
            .Where(s => s.Scope == "faults")
            .Select(s => $"{s.Name}: {s.Duration.TotalSeconds:0.0} s, {s.Text("outcome")}");
        Assert.That(
            string.Join('\n', met),
            Is.EqualTo(
                """
                no-answer: 40.0 s, TaskCanceledException TimeoutException
                connection-reset: 0.1 s, HttpRequestException ConnectionError
                empty-response: 0.1 s, HttpRequestException ResponseEnded
                malformed-response: 0.1 s, HttpRequestException InvalidResponse
                dribbled: 1.1 s, 200 in four pieces x-kind=slow
                state: 0.1 s, 503 not yet
                state: 0.1 s, 200 now
                state: 0.1 s, 200 now
                """.ReplaceLineEndings("\n")
            )
        );
    }

    [TestCase(typeof(RawGemini), "429 application/json", "200 application/json", "\"status\":\"RESOURCE_EXHAUSTED\"")]
    [TestCase(
        typeof(RawBedrock),
        "429 ThrottlingException application/json",
        "200 application/vnd.amazon.eventstream",
        "{\"message\":\"slow down\"}"
    )]
    public async Task Models_whose_streams_are_no_events(Type driver, string refused, string answered, string refusal)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(
            folder,
            "raw",
            new RunBuilder { RootError = ("KeyError", "'x'") }
                .Model(0, 1, input: Go, output: Authored.Asks(("read", "a"), ("read", "b")))
                .Tool("read", 1, 1, arguments: Authored.About("a"))
                .Tool("read", 1, 1, arguments: Authored.About("b"))
                .Model(3, 1, output: RunBuilder.Says("Both were read."))
        );
        await Authored.EditAsync(
            fixture,
            json =>
                json["attempts"]![0]!["turns"]![0]!["retries"] = JsonNode.Parse(
                    """{"refused":[{"latencySeconds":0.1,"error":{"type":"RateLimitError","class":"rate-limit","exception":"System.Net.Http.HttpRequestException","message":"slow down"}}],"latencySeconds":1}"""
                )
        );
        var report = await Replay.RunAsync(
            fixture,
            driver.FullName,
            new ReplayOptions { Schedules = Schedules.Captured, Hypotheses = ["captured@tool"] }
        );
        var met = Spans(report).Where(s => s.Scope == "raw").ToArray();
        Assert.That(met.Select(s => s.Text("what")), Is.EqualTo(new[] { refused, answered, answered }));
        Assert.That(met[0].Text("text"), Does.Contain(refusal));
        Assert.That(met[2].Text("text"), Does.Contain("\" read.\""));
    }

    private static async Task<((string, double) At, Span Span)[]> ReadAsync(TempFolder folder, Action<JsonObject> edit)
    {
        var fixture = Authored.Write(
            folder,
            "streamed",
            new RunBuilder { RootError = ("KeyError", "'x'") }.Model(0, 3, input: Go, output: RunBuilder.Says("Two words"))
        );
        var file = Path.Combine(fixture, "fixture.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        edit(json["attempts"]![0]!["turns"]![0]!.AsObject());
        await File.WriteAllTextAsync(file, json.ToJsonString());
        var report = await Replay.RunAsync(
            fixture,
            $"ReplayHarness.Tests.Replays.{nameof(ReadsAStream)}",
            new ReplayOptions { Schedules = Schedules.Captured, Hypotheses = ["captured@tool"] }
        );
        var spans = Spans(report);
        var start = spans.Min(s => s.StartNanos);
        return [.. spans.Where(s => s.Scope == "reader").Select(s => ((s.Name, (s.StartNanos - start) / 1e9), s))];
    }

    private static Span[] Spans(ReplayReport report) => [.. report.Hypotheses.Single().Trace!.Spans.OrderBy(s => s.StartNanos)];
}
