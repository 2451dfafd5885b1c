using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Support;

/// <summary>
/// Answers a customer's question: asks the model, calls its tools one after another, and goes on until the model answers or the steps run
/// out.
/// </summary>
public sealed class SupportAgent(IChatClient model, IReadOnlyList<AIFunction> tools, SupportOptions options)
{
    private const int MostRepeats = 2;

    private static readonly ActivitySource s_source = new("SupportAgent");

    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly List<string> _found = [];

    public async Task<string> AnswerAsync(string question, CancellationToken cancellationToken)
    {
        using var run = s_source.StartActivity("agent run");
        List<ChatMessage> messages = [new(ChatRole.User, question)];
        for (var step = 0; step < options.MaxSteps; step++)
        {
            if (await AskAsync(messages, cancellationToken) is not { } response)
                return $"From our documents: {string.Join(' ', _found)}";
            messages.AddRange(response.Messages);
            FunctionCallContent[] calls = [.. response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return response.Text;
            if (options.StopsAtRepeats && calls.Any(IsRepeated))
                return "A colleague will look at this.";
            if (step + 1 == options.MaxSteps)
                break;
            foreach (var call in calls)
                messages.Add(
                    new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, await CallAsync(call, cancellationToken))])
                );
        }
        run?.SetTag("stop_reason", "max_steps");
        return "";
    }

    private async Task<ChatResponse?> AskAsync(List<ChatMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            return await model.GetResponseAsync(messages, new ChatOptions { ModelId = "gpt-5-mini" }, cancellationToken);
        }
        catch (InvalidOperationException) when (options.AnswersWithoutModel)
        {
            return null;
        }
    }

    private async Task<string> CallAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var tool = tools.First(t => t.Name == call.Name);
                var result = $"{await tool.InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken)}";
                _found.Add(result);
                return result;
            }
            catch (HttpRequestException) when (attempt < options.ToolAttempts) { }
            catch (HttpRequestException e) when (options.ToolErrorsToModel)
            {
                return $"The search is not available: {e.Message}";
            }
        }
    }

    private bool IsRepeated(FunctionCallContent call)
    {
        var key = $"{call.Name} {JsonSerializer.Serialize(call.Arguments)}";
        return (_asked[key] = _asked.GetValueOrDefault(key) + 1) > MostRepeats;
    }
}
