using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace TeamAgents;

/// <summary>What an agent's team has registered.</summary>
public static class BookDeskServices
{
    /// <summary>The agent, with a client of its own as the model.</summary>
    public static IServiceCollection AddBookDesk(this IServiceCollection services, Func<IServiceProvider, IChatClient> model, bool queued)
    {
        services.AddHttpClient();
        services.AddSingleton(s => new CatalogueSession(s.GetRequiredService<IHttpClientFactory>().CreateClient(), queued));
        services.AddChatClient(model).UseFunctionInvocation(configure: f => f.AllowConcurrentInvocation = true).UseLogging();
        services.AddSingleton<BookDesk>();
        return services;
    }
}
