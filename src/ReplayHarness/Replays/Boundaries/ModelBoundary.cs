using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The mocked model.</summary>
internal sealed class ModelBoundary(ReplayContext context) : IChatClient
{
    private static readonly ChatClientMetadata s_metadata = new("replay-harness");

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatMessage[] request = [.. messages];
        var (turn, divergence) = context.Conversation.Next(request);
        context.Conversation.NoteOffer([
            .. (options?.Tools ?? []).OfType<AIFunctionDeclaration>().Select(t => new RecordedTool(t.Name, t.JsonSchema, t.Description)),
        ]);
        if (divergence is not null)
            return context.Diverge<ChatResponse>(divergence);
        var call = context.Begin(BoundaryKind.Model, options?.ModelId ?? "model", input: request);
        return context.OperateAsync(
            call,
            TimeSpan.FromSeconds(turn!.LatencySeconds),
            () => Answer(call, turn),
            static _ => null,
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

    private static ChatResponse Answer(BoundaryCall call, RecordedTurn turn)
    {
        if (turn.Error is { } error)
            throw ClrExceptions.Create(error);
        return call.Output = Conversation.Respond(turn);
    }
}
