using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Asks what had been asked, with or without what had been said before; then whatever came next in the session.</summary>
public class AsksInSession : IReplayDriver
{
    protected virtual IEnumerable<ChatMessage> Before(ReplayInput input) => input.History;

    protected virtual IEnumerable<string> Questions(ReplayInput input) => input.Questions;

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [.. Before(input)];
        foreach (var question in Questions(input))
        {
            messages.Add(new(ChatRole.User, question));
            await AgentLoop.RunAsync(services, messages, cancellationToken);
        }
    }
}

public sealed class ForgetsTheHistory : AsksInSession
{
    protected override IEnumerable<ChatMessage> Before(ReplayInput input) => [];
}

public sealed class AsksSomethingElseThen : AsksInSession
{
    protected override IEnumerable<string> Questions(ReplayInput input) => [input.Questions[0], "And what of the weather?"];
}

public sealed class SaysTheDay : IReplayDriver
{
    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        AgentLoop.RunAsync(services, [new(ChatRole.User, input.Text), new(ChatRole.User, "It is Monday.")], cancellationToken);
}

/// <summary>Two agents with instructions of their own take the same question at once.</summary>
public class TwoAtOnce : IReplayDriver
{
    protected virtual IReadOnlyList<string> Agents => ["You look for flights.", "You look for hotels."];

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        Task.WhenAll(
            Agents.Select(instructions =>
                AgentLoop.RunAsync(services, [new(ChatRole.System, instructions), new(ChatRole.User, input.Text)], cancellationToken)
            )
        );
}

public sealed class TwoInTheOtherOrder : TwoAtOnce
{
    protected override IReadOnlyList<string> Agents => ["You look for hotels.", "You look for flights."];
}

public sealed class OnlyOneOfTwo : TwoAtOnce
{
    protected override IReadOnlyList<string> Agents => ["You look for hotels."];
}

/// <summary>Its framework puts the plugin before a tool's name, which the trace leaves out.</summary>
public sealed class OffersQualifiedNames : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        await AgentLoop.RunAsync(services, [new(ChatRole.User, input.Text)], cancellationToken, plugin: "Travel-");
}

internal static class AgentLoop
{
    public static async Task RunAsync(IServiceProvider services, List<ChatMessage> messages, CancellationToken token, string plugin = "")
    {
        var options = new ChatOptions { Tools = [.. services.Tools().Select(t => new Named(t, plugin + t.Name))] };
        while (true)
        {
            var answer = await services.ChatClient().GetResponseAsync(messages, options, token);
            messages.AddRange(answer.Messages);
            FunctionCallContent[] calls = [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return;
            messages.Add(new(ChatRole.Tool, [.. await Task.WhenAll(calls.Select(c => CallAsync(options, c, token)))]));
        }
    }

    private static async Task<AIContent> CallAsync(ChatOptions options, FunctionCallContent call, CancellationToken token)
    {
        var tool = options.Tools!.OfType<AIFunction>().Single(t => t.Name == call.Name);
        try
        {
            return new FunctionResultContent(call.CallId, await tool.InvokeAsync(new(call.Arguments!), token));
        }
        catch (TimeoutException e)
        {
            return new FunctionResultContent(call.CallId, $"Error: {e.Message}");
        }
    }

    private sealed class Named(AIFunction inner, string name) : DelegatingAIFunction(inner)
    {
        public override string Name => name;
    }
}
