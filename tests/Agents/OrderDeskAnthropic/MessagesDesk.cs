using Anthropic;
using Microsoft.Extensions.AI;

namespace OrderDesk.Anthropic;

/// <summary>
/// Answers where an order is, with Anthropic's own SDK behind <see cref="IChatClient"/>: asks the model and makes the calls it wants all at
/// once.
/// </summary>
/// <param name="client">The SDK's client.</param>
/// <param name="tools">What the model may call.</param>
/// <param name="survives">Gives the error of a tool to the model instead of ending the run.</param>
/// <param name="streams">Takes answers as they come.</param>
public sealed class MessagesDesk(IAnthropicClient client, IReadOnlyList<AIFunction> tools, bool survives, bool streams = false)
{
    private const int MaxSteps = 6,
        MaxTokens = 1024;

    public async Task<string> AnswerAsync(string question, CancellationToken cancellationToken)
    {
        using var model = client.AsIChatClient("claude-sonnet-4-6", MaxTokens);
        var options = new ChatOptions { Tools = [.. tools] };
        List<ChatMessage> messages = [new(ChatRole.User, question)];
        for (var step = 0; step < MaxSteps; step++)
        {
            var answer = streams
                ? await model.GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken)
                : await model.GetResponseAsync(messages, options, cancellationToken);
            FunctionCallContent[] calls = [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return answer.Text;
            messages.AddRange(answer.Messages);
            var results = await Dispatch.AllAsync(calls, CallAsync, survives, cancellationToken);
            messages.Add(
                new ChatMessage(ChatRole.Tool, [.. calls.Zip(results, (call, result) => new FunctionResultContent(call.CallId, result))])
            );
        }
        throw new InvalidOperationException($"no answer in {MaxSteps} steps");
    }

    private async Task<string> CallAsync(FunctionCallContent call, CancellationToken cancellationToken) =>
        $"{await tools.First(t => t.Name == call.Name).InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken)}";
}
