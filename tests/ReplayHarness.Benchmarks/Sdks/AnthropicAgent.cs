using System.Net;
using Anthropic;
using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks.Sdks;

/// <summary>
/// The official Anthropic SDK behind <see cref="IChatClient"/>: its first request is refused with 429, which it retries itself.
/// </summary>
internal static class AnthropicAgent
{
    public static async Task<string> RunAsync(Kernel kernel, int turns, int width)
    {
        var tools = new Tools(kernel);
        using var http = new HttpClient(
            new Wire(
                kernel,
                (body, n) =>
                    n == 1
                        ? (HttpStatusCode.TooManyRequests, """{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}""")
                        : (HttpStatusCode.OK, Answer(body, turns, width))
            )
        );
        using var client = new AnthropicClient
        {
            ApiKey = "key",
            BaseUrl = "http://model.example",
            HttpClient = http,
        };
        using var model = client.AsIChatClient("model", 64);
        List<ChatMessage> messages = [new(ChatRole.User, "go")];
        while (true)
        {
            var answer = await model.GetResponseAsync(messages);
            FunctionCallContent[] calls = [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return $"{answer.Text} {tools.First}";
            tools.NextTurn();
            messages.AddRange(answer.Messages);
            var results = await Task.WhenAll(calls.Select((call, i) => tools.CallAsync(i, $"{call.Arguments!["a"]}")));
            messages.Add(
                new ChatMessage(ChatRole.Tool, [.. calls.Select((call, i) => new FunctionResultContent(call.CallId, results[i]))])
            );
        }
    }

    private static string Answer(string body, int turns, int width)
    {
        var turn = Tools.Count(body, "\"tool_use_id\"") / width;
        var content =
            turn < turns
                ? string.Join(
                    ',',
                    Enumerable
                        .Range(0, width)
                        .Select(i => $$$"""{"type":"tool_use","id":"u{{{turn}}}_{{{i}}}","name":"t{{{i}}}","input":{"a":{{{i}}}}}""")
                )
                : """{"type":"text","text":"done"}""";
        return $$"""{"id":"m","type":"message","role":"assistant","model":"m","content":[{{content}}],"stop_reason":"{{(turn < turns ? "tool_use" : "end_turn")}}","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1} }""";
    }
}
