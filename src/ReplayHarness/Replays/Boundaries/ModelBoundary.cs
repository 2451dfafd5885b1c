using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The mocked model.</summary>
/// <param name="carrier">Carries its answers.</param>
/// <param name="metadata">What it says of itself: that of the client it stands for; null where it stands for none.</param>
internal sealed class ModelBoundary(KernelCarrier carrier, ChatClientMetadata? metadata = null) : IChatClient
{
    private readonly ChatClientMetadata _metadata = metadata ?? new("replay-harness");

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var answer = Ask(messages, options);
        return AnswerAsync(answer, cancellationToken);
    }

    private Answer Ask(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ChatMessage[] request = [.. Instructions(options), .. messages.Select(AsTold)];
        RecordedTool[] offered =
        [
            .. (options?.Tools ?? []).OfType<AIFunctionDeclaration>().Select(t => new RecordedTool(t.Name, t.JsonSchema, t.Description)),
        ];
        return ModelAnswers.Of(carrier.Context, request, options?.ModelId, offered, SchemaOf(options));
    }

    // What the agent itself cancelled, it cancels.
    private Task<ChatResponse> AnswerAsync(Answer answer, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
        && answer is { Latency: { } lasted, Outcome: Failed { Recorded: { Class: ErrorClass.Cancelled } error } }
            ? HungCall.WaitAsync<ChatResponse>(carrier, answer, error, lasted, cancellationToken)
            : carrier.AnswerAsync(
                answer,
                outcome => outcome is Failed failed ? throw carrier.Thrown(failed) : ((Spoken)outcome).Response,
                cancellationToken
            );

    private static JsonElement? SchemaOf(ChatOptions? options) =>
        options?.ResponseFormat is ChatResponseFormatJson json ? json.Schema ?? JsonElement.Parse("{}") : null;

    // As telemetry records them, and as a provider gets them.
    private static ChatMessage[] Instructions(ChatOptions? options) =>
        options?.Instructions is { Length: > 0 } text ? [new(ChatRole.System, text)] : [];

    // An agent may clear or cut in its history what it has told before.
    private static ChatMessage AsTold(ChatMessage message) =>
        message.Contents.Any(c => c is FunctionResultContent)
            ? new(message.Role, [.. message.Contents.Select(c => c is FunctionResultContent result ? AsTold(result) : c)])
            : message;

    private static FunctionResultContent AsTold(FunctionResultContent result)
    {
        var text = ToolBoundary.ToText(result.Result);
        return new(result.CallId, text)
        {
            AdditionalProperties = text is null && result.Exception is not null ? new() { [WireFormat.IsErrorName] = true } : null,
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var answer = Ask(messages, options);
        var half = SpokenPieces.Of(answer.Outcome).Length > 1 ? answer.Latency / 2 : null;
        if (half is not null)
            answer.Latency = half;
        var pieces = SpokenPieces.Of(await AnswerAsync(answer, cancellationToken));
        foreach (var piece in pieces.Take(1))
            yield return piece;
        if (half is { } wait && answer.Call is { Operation: { } operation } call)
        {
            await new AnswerInPieces(carrier.Time, operation.Label, operation.DueTicks).NextAsync(wait, cancellationToken);
            carrier.End(call, answer.Outcome);
        }
        foreach (var piece in pieces.Skip(1))
            yield return piece;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { }
}
