using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Tests.Wire;

/// <summary>Google's generateContent: what it has that other APIs do not.</summary>
public sealed class GeminiContentTests
{
    private const string Call = """{"functionCall":{"name":"read","args":{"of":"a"}}}""";
    private static readonly GeminiContent s_format = new();

    [TestCase("/v1beta/models/gemini-2.5-flash:generateContent", "gemini-2.5-flash", false, false)]
    [TestCase("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", "gemini-2.5-flash", true, false)]
    [TestCase("/v1beta/models/gemini-2.5-flash:streamGenerateContent?key=k", "gemini-2.5-flash", true, true)]
    [TestCase("/v1/projects/p/locations/l/publishers/google/models/g%2D3:streamGenerateContent?key=k&alt=sse", "g-3", true, false)]
    public void The_path_says_what_is_asked(string target, string model, bool streams, bool asArray)
    {
        var read = s_format.Read("""{"contents":[]}"""u8.ToArray(), target);
        Assert.That((read.Model, read.Streams, read.AsArray), Is.EqualTo((model, streams, asArray)));
    }

    [Test]
    public void Both_spellings_are_read()
    {
        var camel = Read(
            """{"systemInstruction":{"parts":[{"text":"Be short."}]},"contents":[{"parts":[{"text":"go"}]},{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"role":"function","parts":[{"functionResponse":{"name":"f","response":{"output":"ok"}}}]}],"generationConfig":{"responseSchema":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}},"tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT"}}]}]}"""
        );
        var snake = Read(
            """{"system_instruction":{"parts":[{"text":"Be short."}]},"contents":[{"parts":[{"text":"go"}]},{"role":"model","parts":[{"function_call":{"name":"f"}}]},{"role":"function","parts":[{"function_response":{"name":"f","response":{"output":"ok"}}}]}],"generation_config":{"response_schema":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}},"tools":[{"function_declarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT"}}]}]}"""
        );
        Assert.That(
            Text(camel),
            Is.EqualTo(
                """system: Be short. | user: go | assistant: f unnamed_call_1 | tool: unnamed_call_1=ok | f d {"type":"object"} | {"type":"object","properties":{"a":{"type":"string"}}}"""
            )
        );
        Assert.That(Text(snake), Is.EqualTo(Text(camel)));
    }

    [Test]
    public void The_chunks_of_an_answer_are_one_message()
    {
        var read = Read(
            $$$"""{"contents":[{"role":"user","parts":[{"text":"go"}]},{"role":"model","parts":[{"text":"thinking","thought":true},{"text":"Both"}]},{"role":"model","parts":[{"text":" then."}]},{"role":"model","parts":[{{{Call}}}]}]}"""
        );
        Assert.That(Text(read), Is.EqualTo("user: go | assistant: Both then. read unnamed_call_1"));
    }

    [TestCase("""{"output":"ok"}""", "ok", false)]
    [TestCase("""{"result":"ok"}""", "ok", false)]
    [TestCase("""{"output":{"a":1}}""", """{"a":1}""", false)]
    [TestCase("""{"error":"boom"}""", "boom", true)]
    [TestCase("""{"a":1,"error":null}""", """{"a":1,"error":null}""", false)]
    public void What_is_told_of_a_call(string response, string text, bool isError)
    {
        var result = Read(
            $$$"""{"contents":[{"role":"model","parts":[{{{Call}}}]},{"role":"user","parts":[{"functionResponse":{"name":"read","response":{{{response}}}}}]}]}"""
        )
            .Messages[1]
            .Contents.OfType<FunctionResultContent>()
            .Single();
        Assert.That(
            (result.Result, result.AdditionalProperties?.ContainsKey(WireFormat.IsErrorName) == true),
            Is.EqualTo(((object)text, isError))
        );
    }

    // Results belong to calls by id, else by the tool's name and the order.
    [TestCase("""{"functionResponse":{"name":"list"}},{"functionResponse":{"name":"read"}}""", "unnamed_call_2 unnamed_call_1")]
    [TestCase(
        """{"functionResponse":{"name":"read","id":"b"}},{"functionResponse":{"name":"read"}},{"functionResponse":{"name":"list"}}""",
        "b unnamed_call_1 unnamed_call_2"
    )]
    [TestCase("""{"functionResponse":{"name":"read","id":"own"}}""", "unnamed_call_1")]
    [TestCase("""{"functionResponse":{"name":"other"}}""", "unnamed_call_of_other")]
    public void Results_without_ids(string results, string ids)
    {
        var read = Read(
            $$$"""{"contents":[{"role":"model","parts":[{{{Call}}},{"functionCall":{"name":"read","id":"b"}},{"functionCall":{"name":"list"}}]},{"role":"user","parts":[{{{results}}}]}]}"""
        );
        Assert.That(read.Messages[1].Contents.OfType<FunctionResultContent>().Select(r => r.CallId), Is.EqualTo(ids.Split(' ')));
    }

    [Test]
    public void Calls_without_ids_are_those_that_were_served()
    {
        RecordedTurn Turn(string id, string of) =>
            new() { LatencySeconds = 1, Calls = [new(id, "read", System.Text.Json.JsonElement.Parse($$$"""{"of":"{{{of}}}"}"""))] };
        const string Told = """{"role":"user","parts":[{"functionResponse":{"name":"read","response":{"output":"A"}}}]}""";
        const string Asked = """{"role":"model","parts":[{"functionCall":{"name":"read","args":{"of":"a"}}}]}""";
        const string Other = """{"role":"model","parts":[{"functionCall":{"name":"read","args":{"of":"q"}}}]}""";
        var read = Read($$$"""{"contents":[{{{Asked}}},{{{Told}}},{{{Other}}},{{{Told}}},{{{Asked}}},{{{Told}}}]}""");
        // The same was asked for twice; the latter is the one that was served last. The one in between nobody served.
        var named = UnnamedCalls.Named([.. read.Messages], [Turn("x", "a"), Turn("y", "b"), Turn("z", "a")]);
        Assert.That(
            Text(read with { Messages = named }),
            Is.EqualTo(
                "assistant: read x | tool: x=A | assistant: read unnamed_call_2 | tool: unnamed_call_2=A | assistant: read z | tool: z=A"
            )
        );
    }

    // So that what is recorded of an answer and of the request that follows agrees.
    [Test]
    public void Calls_without_ids_are_counted_on()
    {
        const string Told = """{"role":"user","parts":[{"functionResponse":{"name":"read","response":{"output":"A"}}}]}""";
        const string Asked = """{"role":"model","parts":[{"functionCall":{"name":"read","args":{"of":"a"}}}]}""";
        var before = Read($$$"""{"contents":[{{{Asked}}},{{{Told}}}]}""");
        var said = s_format.Said(
            System.Text.Json.JsonElement.Parse($$$"""{"candidates":[{"content":{{{Asked}}},"finishReason":"STOP"}]}""")
        );
        var after = Read($$$"""{"contents":[{{{Asked}}},{{{Told}}},{{{Asked}}},{{{Told}}}]}""");
        Assert.That(UnnamedCalls.Named(said.Calls, before.Messages).Single().CallId, Is.EqualTo("unnamed_call_2"));
        Assert.That(Text(after), Does.EndWith("assistant: read unnamed_call_2 | tool: unnamed_call_2=A"));
    }

    [TestCase(null, "STOP")]
    [TestCase("length", "MAX_TOKENS")]
    [TestCase("content_filter", "SAFETY")]
    [TestCase("RECITATION", "RECITATION")]
    public void It_stops_where_it_asks_for_calls(string? recorded, string reason)
    {
        var turn = new RecordedTurn
        {
            LatencySeconds = 1,
            Calls = [new("c1", "read", System.Text.Json.JsonElement.Parse("""{"of":"a"}"""))],
            FinishReason = recorded,
        };
        var body = s_format.Body(new("answer_1", "gemini-2.5-flash", turn, new("gemini-2.5-flash", [], Streams: false, [])));
        Assert.That(
            body.ToJsonString(),
            Is.EqualTo(
                $$$$"""{"candidates":[{"content":{"parts":[{"functionCall":{"id":"c1","name":"read","args":{"of":"a"}}}],"role":"model"},"index":0,"finishReason":"{{{{reason}}}}"}],"usageMetadata":{"promptTokenCount":0,"candidatesTokenCount":0,"totalTokenCount":0},"modelVersion":"gemini-2.5-flash","responseId":"answer_1"}"""
            )
        );
    }

    [TestCase(400, "INVALID_ARGUMENT")]
    [TestCase(429, "RESOURCE_EXHAUSTED")]
    [TestCase(500, "INTERNAL")]
    [TestCase(503, "UNAVAILABLE")]
    public void A_refusal(int status, string name) =>
        Assert.That(
            JsonNode.DeepEquals(
                s_format.Refusal(status, "why"),
                JsonNode.Parse($$$"""{"error":{"code":{{{status}}},"message":"why","status":"{{{name}}}"}}""")
            )
        );

    private static WireRequest Read(string body) => s_format.Read(Encoding.UTF8.GetBytes(body), "/v1beta/models/m:generateContent");

    private static string Text(WireRequest request) =>
        string.Join(
            " | ",
            request
                .Messages.Select(m =>
                    $"{m.Role.Value}: "
                    + string.Join(
                        "",
                        m.Contents.Select(c =>
                            c switch
                            {
                                FunctionCallContent call => $"{(m.Text.Length > 0 ? " " : "")}{call.Name} {call.CallId}",
                                FunctionResultContent result => $"{result.CallId}={result.Result}",
                                _ => ((TextContent)c).Text,
                            }
                        )
                    )
                )
                .Concat(request.Tools.Select(t => $"{t.Name} {t.Description} {t.Schema.GetRawText()}"))
                .Concat(request.Schema is { } schema ? [schema.GetRawText()] : [])
        );
}
