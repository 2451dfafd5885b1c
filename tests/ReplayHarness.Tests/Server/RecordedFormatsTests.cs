using System.Text.Json.Nodes;
using ReplayHarness.Fixtures;
using ReplayHarness.Server;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Tests.Server;

/// <summary>What Google's and Amazon's models say is recorded, with the mock of a fixture as the real endpoint.</summary>
public sealed class RecordedFormatsTests
{
    private const string Key = "a-key-of-no-known-form-7f3b";

    // Each is refused first, and asked again.
    private const string Script = $$"""
        const ask = (url, body) => fetch(url, { method: 'POST', body: JSON.stringify(body) }).then(a => a.arrayBuffer());
        const contents = [{ role: 'user', parts: [{ text: 'go' }] }];
        const messages = [{ role: 'user', content: [{ text: 'go' }] }];
        const systemInstruction = { parts: [{ text: 'The key is {{Key}}.' }] };
        const gemini = process.env.GOOGLE_GEMINI_BASE_URL + '/v1beta/models/';
        const bedrock = process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME + '/model/';
        (async () => {
          for (const [url, body] of [
            [gemini + 'whole:generateContent?key={{Key}}', { contents, systemInstruction }],
            [gemini + 'events:streamGenerateContent?alt=sse', { contents }],
            [gemini + 'array:streamGenerateContent', { contents }],
            [bedrock + 'whole%3A0/converse', { messages }],
            [bedrock + 'stream%3A0/converse-stream', { messages }],
          ])
            for (let i = 0; i < 2; i++) await ask(url, body);
        })();
        """;

    [Test]
    public async Task What_models_say()
    {
        using var folder = new TempFolder();
        await using var real = await FixtureServer.StartAsync(
            new()
            {
                Fixture = FixtureFolder.Load(await RefusedAsync(folder)),
                Clock = TimeProvider.System,
                TimeScale = 0,
            }
        );
        var output = Path.Combine(folder.Path, "recorded");
        var (code, printed) = Component.Run(
            "env",
            [
                .. real.Variables.Select(v => $"{v.Key}={v.Value}"),
                "dotnet",
                "exec",
                Path.Combine(Data.Root, "replay-harness.dll"),
                "record",
                "--out",
                output,
                "--",
                .. Node.Script(Script),
            ]
        );
        Assert.That(code, Is.Zero, printed);
        var file = Path.Combine(output, "traces.otlp.jsonl");
        const string Said = "429 slow down, then tool_calls read a {\"of\":\"a\"}, read b {\"of\":\"b\"}, 12 and 7 tokens";
        Assert.That(
            AgentRuns.Read(Data.Load(file)).SelectMany(r => r.ModelCalls).Select(Text),
            Is.EqualTo(
                new[]
                {
                    $"whole: {Said}",
                    $"events: {Said}, streamed",
                    $"array: {Said}, streamed",
                    $"whole:0: {Said}",
                    $"stream:0: {Said}, streamed",
                }
            )
        );
        Assert.That(await File.ReadAllTextAsync(file), Does.Contain("The key is ").And.Not.Contain(Key));
    }

    private static string Text(ModelCall call)
    {
        var calls = call.Output!.SelectMany(m => m.Parts).OfType<ToolCallPart>();
        var streamed = call.Span.Attributes.Has("replay_harness.stream_seconds") ? ", streamed" : "";
        return $"{call.Model}: {Errors.Of(call.Attempts[0])?.Message}, then {call.FinishReason} "
            + string.Join(", ", calls.Select(c => $"{c.Name} {c.CallId} {Json.Canonical(c.Arguments)}"))
            + $", {call.InputTokens} and {call.OutputTokens} tokens{streamed}";
    }

    private static async Task<string> RefusedAsync(TempFolder folder)
    {
        var fixture = Authored.Write(
            folder,
            "real",
            new RunBuilder { RootError = ("KeyError", "'x'") }.Model(
                0,
                0.1,
                input: """[{"role":"user","parts":[{"type":"text","content":"go"}]}]""",
                output: Authored.Asks(("read", "a"), ("read", "b"))
            )
        );
        await Authored.EditAsync(
            fixture,
            json =>
            {
                var turn = json["attempts"]![0]!["turns"]![0]!;
                turn["usage"] = new JsonObject { ["inputTokens"] = 12, ["outputTokens"] = 7 };
                turn["retries"] = JsonNode.Parse(
                    """{"refused":[{"latencySeconds":0.1,"error":{"type":"RateLimitError","class":"rate-limit","exception":"System.Net.Http.HttpRequestException","message":"slow down"}}],"latencySeconds":0.1}"""
                );
            }
        );
        return fixture;
    }
}
