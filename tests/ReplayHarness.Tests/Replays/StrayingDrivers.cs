using System.Net.Http.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>The order desk's first step, strayed from what was captured in one way each.</summary>
public abstract class Straying : IReplayDriver
{
    public abstract Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken);

    protected static async Task<FunctionCallContent> AskAsync(
        IServiceProvider services,
        string question,
        string? system = null,
        ChatOptions? options = null
    )
    {
        List<ChatMessage> messages = system is null ? [] : [new(ChatRole.System, system)];
        var answer = await services.ChatClient().GetResponseAsync([.. messages, new(ChatRole.User, question)], options);
        return answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().First(c => c.Name == "check_inventory");
    }
}

/// <summary>Changes an argument that the model gave.</summary>
public sealed class ChangesAnArgument : Straying
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var call = await AskAsync(services, input.Text);
        await services
            .Tools()
            .Single(t => t.Name == call.Name)
            .InvokeAsync(new() { ["sku"] = "SKU-779", ["fresh"] = true }, cancellationToken);
    }
}

/// <summary>Calls a tool that it did not have when it was captured, over MCP.</summary>
public sealed class CallsANewTool : Straying
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await AskAsync(services, input.Text);
        using var http = new HttpClient();
        await http.PostAsJsonAsync(
            new Uri("http://tools.example/mcp"),
            new
            {
                jsonrpc = "2.0",
                id = 1,
                method = "tools/call",
                @params = new { name = "reserve_stock", arguments = new { sku = "SKU-778" } },
            },
            cancellationToken
        );
    }
}

/// <summary>Asks the model something else.</summary>
public sealed class ChangesThePrompt : Straying
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        AskAsync(services, input.Text.Replace("lyon-2", "paris-1", StringComparison.Ordinal));
}

/// <summary>Instructs the model otherwise, and offers it other tools: the fixture is of another agent.</summary>
public sealed class HasMovedOn : Straying
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        AIFunction search = AIFunctionFactory.Create((string customer_id, int limit, bool open) => "", "search_orders"),
            reserve = AIFunctionFactory.Create((string sku) => "", "reserve_stock");
        var call = await AskAsync(
            services,
            input.Text,
            "You are an order support agent. Use tools one by one.",
            new ChatOptions { Tools = [search, reserve] }
        );
        await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), cancellationToken);
    }
}

/// <summary>Gives a call of the model another id before it sends the answer back.</summary>
public sealed class ChangesACallId : Straying
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var question = new ChatMessage(ChatRole.User, input.Text);
        var answer = await services.ChatClient().GetResponseAsync([question], options: null, cancellationToken);
        foreach (var call in answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToArray())
            answer.Messages[0].Contents[answer.Messages[0].Contents.IndexOf(call)] = new FunctionCallContent(
                call.CallId + "x",
                call.Name,
                call.Arguments
            );
        await services.ChatClient().GetResponseAsync([question, .. answer.Messages], options: null, cancellationToken);
    }
}
