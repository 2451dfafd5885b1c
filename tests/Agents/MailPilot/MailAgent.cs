using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace MailPilot;

/// <summary>The agent's loop: asks the model, runs the tools it asks for, and goes on until the model answers with text.</summary>
public sealed class MailAgent(IChatClient model, IReadOnlyList<AIFunction> tools, IToolDispatcher dispatcher, MailPilotOptions options)
{
    public Task<string> AnswerAsync(string email, CancellationToken cancellationToken) =>
        Telemetry.TraceAsync(
            "agent run",
            activity =>
            {
                activity?.SetTag("gen_ai.operation.name", "invoke_agent").SetTag("gen_ai.agent.name", "mailpilot.workflow");
                return LoopAsync(email, cancellationToken);
            }
        );

    private async Task<string> LoopAsync(string email, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.System, options.Instructions), new(ChatRole.User, email)];
        for (var step = 0; step < options.MaxSteps; step++)
        {
            var response = await AskAsync(messages, cancellationToken);
            messages.AddRange(response.Messages);
            FunctionCallContent[] calls = [.. response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return response.Text;
            messages.Add(
                new ChatMessage(ChatRole.Tool, [.. await dispatcher.DispatchAsync(calls, c => InvokeAsync(c, cancellationToken))])
            );
        }
        throw new InvalidOperationException($"The agent reached its limit of {options.MaxSteps} steps.");
    }

    private Task<ChatResponse> AskAsync(List<ChatMessage> messages, CancellationToken cancellationToken) =>
        Telemetry.TraceAsync(
            $"chat {options.Model}",
            activity =>
            {
                activity?.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", options.Model);
                return model.GetResponseAsync(messages, new ChatOptions { ModelId = options.Model, Tools = [.. tools] }, cancellationToken);
            }
        );

    private Task<object?> InvokeAsync(FunctionCallContent call, CancellationToken cancellationToken) =>
        Telemetry.TraceAsync(
            $"running tool: {call.Name}",
            activity =>
            {
                activity
                    ?.SetTag("gen_ai.operation.name", "execute_tool")
                    .SetTag("gen_ai.tool.name", call.Name)
                    .SetTag("gen_ai.tool.call.id", call.CallId);
                var tool =
                    tools.FirstOrDefault(t => t.Name == call.Name) ?? throw new InvalidOperationException($"There is no tool {call.Name}.");
                return tool.InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken).AsTask();
            }
        );
}
