using Microsoft.Extensions.AI;

namespace Pitfalls;

/// <summary>Runs the calls of one turn and gives back a result for each, in order.</summary>
public delegate Task<IReadOnlyList<object?>> Dispatch(
    Toolbox tools,
    IReadOnlyList<FunctionCallContent> calls,
    CancellationToken cancellationToken
);

/// <summary>The tools by name.</summary>
public sealed class Toolbox(IReadOnlyList<AIFunction> tools)
{
    public async Task<string> CallAsync(FunctionCallContent call, CancellationToken cancellationToken) =>
        $"{await tools.First(t => t.Name == call.Name).InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken)}";

    public async Task<string> CallAsync(string name, string argument, CancellationToken cancellationToken) =>
        $"{await tools.First(t => t.Name == name).InvokeAsync(new AIFunctionArguments { ["of"] = argument }, cancellationToken)}";
}

/// <summary>
/// The smallest agent there is: asks the model, runs the tools it asks for in its own way, and goes on until the model answers with text.
/// </summary>
public sealed class ToolLoop(IChatClient model, IReadOnlyList<AIFunction> tools, Dispatch dispatch)
{
    public async Task<string> RunAsync(string task, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.User, task)];
        while (true)
        {
            var response = await model.GetResponseAsync(messages, null, cancellationToken);
            messages.AddRange(response.Messages);
            FunctionCallContent[] calls = [.. response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return response.Text;
            var results = await dispatch(new Toolbox(tools), calls, cancellationToken);
            messages.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select((c, i) => new FunctionResultContent(c.CallId, results[i]))]));
        }
    }
}
