using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using OpenAI;
using OpenAI.Chat;
using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks.Sdks;

/// <summary>The official OpenAI SDK: its first request is refused with 429, which its own policy retries.</summary>
internal static class OpenAiAgent
{
    private const string Usage = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}";

    public static async Task<string> RunAsync(Kernel kernel, int turns, int width)
    {
        var tools = new Tools(kernel);
        using var http = new HttpClient(
            new Wire(
                kernel,
                (body, n) =>
                    n == 1
                        ? (HttpStatusCode.TooManyRequests, "{\"error\":{\"message\":\"slow down\"}}")
                        : (HttpStatusCode.OK, Answer(body, turns, width))
            )
        );
        var client = new ChatClient(
            "model",
            new ApiKeyCredential("key"),
            new OpenAIClientOptions { Endpoint = new Uri("http://model.example/v1"), Transport = new HttpClientPipelineTransport(http) }
        );
        List<ChatMessage> messages = [new UserChatMessage("go")];
        while (true)
        {
            ChatCompletion answer = await client.CompleteChatAsync(messages);
            if (answer.ToolCalls.Count == 0)
                return $"{answer.Content[0].Text} {tools.First}";
            tools.NextTurn();
            messages.Add(new AssistantChatMessage(answer));
            var results = await Task.WhenAll(answer.ToolCalls.Select((call, i) => tools.CallAsync(i, call.FunctionArguments.ToString())));
            messages.AddRange(answer.ToolCalls.Select((call, i) => new ToolChatMessage(call.Id, results[i])));
        }
    }

    private static string Answer(string body, int turns, int width)
    {
        var turn = Tools.Count(body, "\"tool_call_id\"") / width;
        var calls = string.Join(
            ',',
            Enumerable
                .Range(0, width)
                .Select(i =>
                    $$$"""{"id":"c{{{turn}}}_{{{i}}}","type":"function","function":{"name":"t{{{i}}}","arguments":"{\"a\":{{{i}}}}"}}"""
                )
        );
        var message =
            turn < turns
                ? $$"""{"role":"assistant","content":null,"tool_calls":[{{calls}}]}"""
                : """{"role":"assistant","content":"done"}""";
        return $$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"{{(turn < turns ? "tool_calls" : "stop")}}","message":{{message}}}],{{Usage}}}""";
    }
}
