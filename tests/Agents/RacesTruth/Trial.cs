using Microsoft.Extensions.AI;
using Pitfalls;

namespace RacesTruth;

/// <summary>One run of an agent: a turn of three calls, and an answer.</summary>
internal sealed class Trial(Random random) : IChatClient
{
    private static readonly string[] s_papers = ["a", "b", "c"];

    // All calls of the turn are asked before one is answered.
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int[] _spins = [.. s_papers.Select(_ => random.Next(2) == 0 ? 0 : random.Next(600))];
    private int _calls;
    private string? _toldWrongly;

    /// <summary>What went wrong, or null.</summary>
    public static async Task<string?> ErrorAsync(Dispatch dispatch, int seed)
    {
        var trial = new Trial(new Random(seed));
        var loop = new ToolLoop(trial, [AIFunctionFactory.Create(trial.FetchAsync, "fetch")], dispatch);
        try
        {
            await Task.Run(() => loop.RunAsync("read them", CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(3));
            return trial._toldWrongly;
        }
        catch (TimeoutException)
        {
            return "hangs";
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken token)
    {
        FunctionResultContent[] results = [.. messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>()];
        foreach (var result in results.Where(r => $"{r.Result}" != $"text of {r.CallId}"))
            _toldWrongly = $"the model was told of {result.CallId}: {result.Result}";
        var answer =
            results.Length > 0
                ? new ChatMessage(ChatRole.Assistant, "done")
                : new ChatMessage(
                    ChatRole.Assistant,
                    [.. s_papers.Select(p => new FunctionCallContent(p, "fetch", new Dictionary<string, object?> { ["of"] = p }))]
                );
        return Task.FromResult(new ChatResponse(answer));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken token
    ) => throw new NotSupportedException();

    public object? GetService(Type type, object? key) => null;

    public void Dispose() { }

    private async Task<string> FetchAsync(string of)
    {
        if (Interlocked.Increment(ref _calls) == s_papers.Length)
            _asked.SetResult();
        // An agent that makes its calls one after another is not held up.
        await Task.WhenAny(_asked.Task, Task.Delay(2));
        await Task.Yield();
        Thread.SpinWait(_spins[Array.IndexOf(s_papers, of)]);
        return $"text of {of}";
    }
}
