#if (aspNetCore)
using System.Net.Http.Json;
#endif
#if (agentFramework)
using Microsoft.Agents.AI;
#endif
#if (aspNetCore)
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
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
/// runs at once: until your agent stands in its place, a verdict says nothing about your agent.
#if (aspNetCore)
/// Register and map in RunAsync what its Program registers and maps.
#else
/// Register your agent's services in ConfigureServices, and ask it in RunAsync.
#endif
/// Its model, its HTTP and its time are the replay's; its tools are caught where they are invoked.
/// </summary>
public sealed class Deployed : IReplayDriver
{
#if (!aspNetCore)
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddLogging();
#if (extensionsAi)
        services
            .AddChatClient(s => s.ChatClient())
            .UseFunctionInvocation(configure: f =>
            {
                f.AllowConcurrentInvocation = true;
                // A tool's error ends the run: an error that is only told to the model would hide the failure.
                f.MaximumConsecutiveErrorsPerRequest = 0;
            });
#elif (agentFramework)
        services
            .AddChatClient(s => s.ChatClient())
            .UseFunctionInvocation(configure: f =>
            {
                f.AllowConcurrentInvocation = true;
                // A tool's error ends the run: an error that is only told to the model would hide the failure.
                f.MaximumConsecutiveErrorsPerRequest = 0;
            });
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

#endif
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
#elif (aspNetCore)
        // Files of settings are not watched: nothing changes them in a replay.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.WebHost.UseTestServer();
        // What only the deployment's environment or its secrets set: builder.Configuration["SECTION:KEY"] = "none";
        // What your Program registers comes here, for example builder.AddYourAgent();
        builder
            .Services.AddChatClient(_ => services.ChatClient())
            .UseFunctionInvocation(configure: f =>
            {
                f.AllowConcurrentInvocation = true;
                // A tool's error ends the run: an error that is only told to the model would hide the failure.
                f.MaximumConsecutiveErrorsPerRequest = 0;
            });
        await using var app = builder.Build();
        // What it maps comes here, for example app.MapYourAgent();
        app.MapPost(
            "/ask",
            async (Question asked, IChatClient model, CancellationToken token) =>
                (await model.GetResponseAsync(asked.Text, new ChatOptions { Tools = [.. services.Tools()] }, token)).Text
        );
        await app.StartAsync(cancellationToken);
        using var client = app.GetTestClient();
        foreach (var question in input.Questions)
        {
            using var response = await client.PostAsJsonAsync(new Uri("ask", UriKind.Relative), new Question(question), cancellationToken);
            response.EnsureSuccessStatusCode();
        }
        await app.StopAsync(cancellationToken);
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
#if (aspNetCore)

    // What the endpoint takes.
    private sealed record Question(string Text);
#endif
}
