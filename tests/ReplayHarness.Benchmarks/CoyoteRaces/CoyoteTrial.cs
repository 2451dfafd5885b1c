using Microsoft.Extensions.AI;
using Pitfalls;

namespace ReplayHarness.Benchmarks.CoyoteRaces;

/// <summary>One run of an agent: a turn of three calls, whose answers come in any order, and what it tells the model of them.</summary>
internal sealed class CoyoteTrial : IChatClient
{
    private static readonly string[] s_papers = ["a", "b", "c"];

    public static Task RunAsync(Dispatch dispatch) =>
        new ToolLoop(new CoyoteTrial(), [new Fetch()], dispatch).RunAsync("read them", CancellationToken.None);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken token)
    {
        FunctionResultContent[] results = [.. messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>()];
        if (results.FirstOrDefault(r => $"{r.Result}" != $"text of {r.CallId}") is { } wrong)
            throw new InvalidOperationException($"the model was told of {wrong.CallId}: {wrong.Result}");
        return Task.FromResult(
            new ChatResponse(
                results.Length > 0
                    ? new ChatMessage(ChatRole.Assistant, "done")
                    : new ChatMessage(
                        ChatRole.Assistant,
                        [.. s_papers.Select(p => new FunctionCallContent(p, "fetch", new Dictionary<string, object?> { ["of"] = p }))]
                    )
            )
        );
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken token
    ) => throw new NotSupportedException("these agents do not stream");

    public object? GetService(Type type, object? key) => null;

    public void Dispose() { }

    private sealed class Fetch : AIFunction
    {
        public override string Name => "fetch";

        protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken token)
        {
            await Task.Delay(1, token);
            return $"text of {arguments["of"]}";
        }
    }
}
