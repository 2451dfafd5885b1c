using System.ClientModel;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace OrderDesk.OpenAi;

/// <summary>Answers where an order is, with OpenAI's own SDK: asks the model and makes the calls it wants all at once.</summary>
/// <param name="model">The SDK's client.</param>
/// <param name="tools">What the model may call.</param>
/// <param name="survives">Gives the error of a tool to the model instead of ending the run.</param>
/// <param name="streams">Takes answers as they come.</param>
public sealed class ChatDesk(ChatClient model, IReadOnlyList<AIFunction> tools, bool survives, bool streams = false)
{
    private const int MaxSteps = 6;

    public async Task<string> AnswerAsync(string question, CancellationToken cancellationToken)
    {
        var options = new ChatCompletionOptions();
        foreach (var tool in tools)
            options.Tools.Add(
                ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText()))
            );
        List<OpenAI.Chat.ChatMessage> messages = [new UserChatMessage(question)];
        for (var step = 0; step < MaxSteps; step++)
        {
            var (text, calls) = streams
                ? await StreamAsync(messages, options, cancellationToken)
                : await AskAsync(messages, options, cancellationToken);
            if (calls.Count == 0)
                return text;
            messages.Add(new AssistantChatMessage(calls));
            var results = await Dispatch.AllAsync(calls, CallAsync, survives, cancellationToken);
            messages.AddRange(calls.Zip(results, (call, result) => new ToolChatMessage(call.Id, result)));
        }
        throw new InvalidOperationException($"no answer in {MaxSteps} steps");
    }

    private async Task<(string Text, IReadOnlyList<ChatToolCall> Calls)> AskAsync(
        List<OpenAI.Chat.ChatMessage> messages,
        ChatCompletionOptions options,
        CancellationToken cancellationToken
    )
    {
        ChatCompletion answer = await model.CompleteChatAsync(messages, options, cancellationToken);
        return (string.Concat(answer.Content.Select(c => c.Text)), answer.ToolCalls);
    }

    private async Task<(string Text, IReadOnlyList<ChatToolCall> Calls)> StreamAsync(
        List<OpenAI.Chat.ChatMessage> messages,
        ChatCompletionOptions options,
        CancellationToken cancellationToken
    )
    {
        var text = new StringBuilder();
        var calls = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        await foreach (var update in model.CompleteChatStreamingAsync(messages, options, cancellationToken))
        {
            foreach (var part in update.ContentUpdate)
                text.Append(part.Text);
            foreach (var part in update.ToolCallUpdates)
            {
                if (!calls.TryGetValue(part.Index, out var call))
                    calls[part.Index] = call = (part.ToolCallId, part.FunctionName, new());
                call.Arguments.Append(part.FunctionArgumentsUpdate);
            }
        }
        return (
            text.ToString(),
            [.. calls.Values.Select(c => ChatToolCall.CreateFunctionToolCall(c.Id, c.Name, BinaryData.FromString(c.Arguments.ToString())))]
        );
    }

    private async Task<string> CallAsync(ChatToolCall call, CancellationToken cancellationToken)
    {
        var arguments = call.FunctionArguments.ToObjectFromJson<Dictionary<string, object?>>();
        return $"{await tools.First(t => t.Name == call.FunctionName).InvokeAsync(new AIFunctionArguments(arguments), cancellationToken)}";
    }
}
