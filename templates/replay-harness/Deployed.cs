#if (agentFramework)
using Microsoft.Agents.AI;
#endif
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
#if (semanticKernel)
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
#endif
using ReplayHarness.Replays;

namespace Agent.Replays;

/// <summary>
/// Starts the agent as its deployment does. What stands here is the loop of its framework over the captured tools, so that the first test
/// runs at once: register your agent's services in ConfigureServices, and ask it in RunAsync instead. Its model, its HTTP and its time are
/// the replay's; its tools are caught where they are invoked.
/// </summary>
public sealed class Deployed : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddLogging();
#if (extensionsAi)
        services.AddChatClient(s => s.ChatClient()).UseFunctionInvocation(configure: f => f.AllowConcurrentInvocation = true);
#elif (agentFramework)
        services.AddChatClient(s => s.ChatClient()).UseFunctionInvocation(configure: f => f.AllowConcurrentInvocation = true);
        services.AddSingleton<AIAgent>(s => new ChatClientAgent(s.GetRequiredService<IChatClient>(), tools: [.. s.Tools()]));
#elif (semanticKernel)
        services.AddChatClient(s => s.ChatClient()).UseKernelFunctionInvocation();
#pragma warning disable SKEXP0001 // Made for a client of Microsoft.Extensions.AI, which stands in here.
        services.AddSingleton(s => s.GetRequiredService<IChatClient>().AsChatCompletionService(s));
        services.AddTransient(s =>
        {
            var kernel = new Kernel(s);
            kernel.Plugins.AddFromFunctions("Captured", s.Tools().Select(t => t.AsKernelFunction()));
            return kernel;
        });
#pragma warning restore SKEXP0001 // As above.
#endif
    }

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
#if (extensionsAi)
        var model = services.GetRequiredService<IChatClient>();
        var options = new ChatOptions { Tools = [.. services.Tools()] };
        List<ChatMessage> messages = [.. input.History];
        foreach (var question in input.Questions)
        {
            messages.Add(new(ChatRole.User, question));
            messages.AddRange((await model.GetResponseAsync(messages, options, cancellationToken)).Messages);
        }
#elif (agentFramework)
        var agent = services.GetRequiredService<AIAgent>();
        var session = await agent.CreateSessionAsync(cancellationToken);
        foreach (var question in input.Questions)
            await agent.RunAsync(question, session, cancellationToken: cancellationToken);
#elif (semanticKernel)
        var kernel = services.GetRequiredService<Kernel>();
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var behaviour = FunctionChoiceBehavior.Auto(options: new() { AllowConcurrentInvocation = true });
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = behaviour };
        var history = new ChatHistory();
        foreach (var question in input.Questions)
        {
            history.AddUserMessage(question);
            history.AddRange(await chat.GetChatMessageContentsAsync(history, settings, kernel, cancellationToken));
        }
#else
        var model = services.GetRequiredService<IChatClient>();
        var tools = services.Tools();
        List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
        for (var turn = 0; turn < 20; turn++)
        {
            var answer = await model.GetResponseAsync(messages, new ChatOptions { Tools = [.. tools] }, cancellationToken);
            messages.AddRange(answer.Messages);
            FunctionCallContent[] calls = [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return;
            messages.Add(new(ChatRole.Tool, [.. await Task.WhenAll(calls.Select(CallAsync))]));
        }

        async Task<AIContent> CallAsync(FunctionCallContent call) =>
            new FunctionResultContent(
                call.CallId,
                await tools.Single(t => t.Name == call.Name).InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken)
            );
#endif
    }
}
