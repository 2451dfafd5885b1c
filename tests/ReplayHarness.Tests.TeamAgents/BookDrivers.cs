using System.ClientModel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using ReplayHarness.Replays;
using TeamAgents;

namespace ReplayHarness.Tests.TeamAgents;

/// <summary>The agent as its team registers it. Nothing is taken from the replay.</summary>
public abstract class BookDriver(bool queued) : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) => services.AddLogging().AddBookDesk(Model, queued);

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        services.GetRequiredService<BookDesk>().AskAsync(input.Text, cancellationToken);

    protected virtual IChatClient Model(IServiceProvider services) =>
        new OpenAIClient(new ApiKeyCredential("none")).GetChatClient("gpt-4o-mini").AsIChatClient();
}

public sealed class BookBroken() : BookDriver(queued: false);

public sealed class BookFixed() : BookDriver(queued: true);

/// <summary>A client that no provider's format is known of.</summary>
public sealed class BookOverAnother() : BookDriver(queued: true)
{
    protected override IChatClient Model(IServiceProvider services) => new Another();

    private sealed class Another : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new InvalidOperationException("it must be replaced");

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new InvalidOperationException("it must be replaced");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}

/// <summary>A client that cannot be made without a key.</summary>
public sealed class BookWithoutKey() : BookDriver(queued: true)
{
    protected override IChatClient Model(IServiceProvider services) =>
        throw new InvalidOperationException("no key of the provider's is configured");
}

/// <summary>Tools that wrap others, one under another name, and one that uses another: the model asked for one call.</summary>
public sealed class BookWrapped : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) => services.AddLogging().AddBookDesk(_ => null!, queued: true);

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var catalogue = services.GetRequiredService<CatalogueSession>();
        var inner = AIFunctionFactory.Create((string title, CancellationToken token) => catalogue.FindAsync(title, token), "catalogue");
        var used = AIFunctionFactory.Create(
            async (string title, CancellationToken token) =>
                (string?)((System.Text.Json.JsonElement?)await inner.InvokeAsync(new() { ["title"] = title }, token))?.GetString(),
            "find_book"
        );
        var chat = services
            .ChatClient()
            .AsBuilder()
            .UseFunctionInvocation(configure: f => f.AllowConcurrentInvocation = true)
            .Build(services);
        await chat.GetResponseAsync(input.Text, new ChatOptions { Tools = [new Wrapper(new Wrapper(used))] }, cancellationToken);
    }

    private sealed class Wrapper(AIFunction inner) : DelegatingAIFunction(inner);
}
