using Microsoft.Extensions.AI;

namespace ReplayHarness.Benchmarks;

/// <summary>Asks for the calls of the incident; the last of them fails.</summary>
internal sealed class ScriptedModel : IChatClient
{
    private int _turn;

    public static IReadOnlyList<AIFunction> Tools { get; } =
    [
        AIFunctionFactory.Create((string query) => query, "search_drive_markdown"),
        AIFunctionFactory.Create(
            (string file_id) => file_id == "v2" ? throw new TimeoutException("The read operation timed out") : file_id,
            "read_drive_markdown"
        ),
    ];

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            new ChatResponse(
                new ChatMessage(
                    ChatRole.Assistant,
                    _turn++ % 2 == 0
                        ? [Call("10", "search_drive_markdown", "query", "M20 cable gland")]
                        : [Call("11", "read_drive_markdown", "file_id", "v3"), Call("12", "read_drive_markdown", "file_id", "v2")]
                )
            )
        );

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException("the agent does not stream");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }

    private static FunctionCallContent Call(string id, string tool, string argument, string value) =>
        new(id, tool, new Dictionary<string, object?> { [argument] = value });
}
