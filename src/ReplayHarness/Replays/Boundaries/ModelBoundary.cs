using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The mocked model.</summary>
internal sealed class ModelBoundary(KernelCarrier carrier) : IChatClient
{
    private static readonly ChatClientMetadata s_metadata = new("replay-harness");

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatMessage[] request = [.. messages];
        RecordedTool[] offered =
        [
            .. (options?.Tools ?? []).OfType<AIFunctionDeclaration>().Select(t => new RecordedTool(t.Name, t.JsonSchema, t.Description)),
        ];
        return carrier.AnswerAsync(
            ModelAnswers.Of(carrier.Context, request, options?.ModelId, offered),
            outcome => outcome is Failed failed ? throw carrier.Thrown(failed) : ((Spoken)outcome).Response,
            cancellationToken
        );
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? s_metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { }
}
