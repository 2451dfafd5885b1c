using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI;

namespace TeamAgents;

/// <summary>
/// A harbour's radio: an answer comes to whoever listens last. One that is <paramref name="apart"/> listens for each route by itself.
/// </summary>
public sealed class HarbourRadio(HttpClient http, TimeProvider time, bool apart)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _listening = [];

    public async Task<string> CallAsync(string route, CancellationToken cancellationToken)
    {
        var listens = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _listening[Channel(route)] = listens;
        _ = HearAsync(route);
        return await listens.Task.WaitAsync(TimeSpan.FromSeconds(6), time, cancellationToken);
    }

    private async Task HearAsync(string route)
    {
        var said = await http.GetStringAsync(new Uri($"ferries/{route}", UriKind.Relative));
        _listening[Channel(route)].TrySetResult(said);
    }

    private string Channel(string route) => apart ? route : "16";
}

/// <summary>What the model may use.</summary>
public sealed class FerryPlugin(HarbourRadio radio)
{
    [KernelFunction("next_ferry"), Description("When the next ferry of a route sails.")]
    public Task<string> NextFerryAsync([Description("The route")] string route, CancellationToken cancellationToken) =>
        radio.CallAsync(route, cancellationToken);
}

/// <summary>An agent on Semantic Kernel, whose connector invokes the functions and tells their errors to the model.</summary>
public sealed class FerryDesk(Kernel kernel)
{
    private static OpenAIPromptExecutionSettings Settings =>
        new()
        {
            FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(
                options: new() { AllowConcurrentInvocation = true, AllowParallelCalls = true }
            ),
        };

    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var answer = await chat.GetChatMessageContentAsync(History(question), Settings, kernel, cancellationToken);
        return answer.Content ?? "";
    }

    public async Task<string> StreamAsync(string question, CancellationToken cancellationToken)
    {
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var text = new StringBuilder();
        await foreach (var part in chat.GetStreamingChatMessageContentsAsync(History(question), Settings, kernel, cancellationToken))
            text.Append(part.Content);
        return text.ToString();
    }

    private static ChatHistory History(string question)
    {
        var history = new ChatHistory("You tell when ferries sail.");
        history.AddUserMessage(question);
        return history;
    }
}

/// <summary>What an agent's team has registered.</summary>
public static class FerryDeskServices
{
    public static IServiceCollection AddFerryDesk(this IServiceCollection services, OpenAIClient model, Uri harbour, bool apart)
    {
        services.AddHttpClient("harbour", c => c.BaseAddress = harbour);
        services.AddSingleton(s => new HarbourRadio(
            s.GetRequiredService<IHttpClientFactory>().CreateClient("harbour"),
            s.GetService<TimeProvider>() ?? TimeProvider.System,
            apart
        ));
        services.AddSingleton<FerryPlugin>();
        services.AddOpenAIChatCompletion("gpt-4o-mini", model);
        services.AddTransient(s =>
        {
            var kernel = new Kernel(s);
            kernel.Plugins.AddFromObject(s.GetRequiredService<FerryPlugin>(), "Harbour");
            return kernel;
        });
        return services.AddTransient<FerryDesk>();
    }
}
