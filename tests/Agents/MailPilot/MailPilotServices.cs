using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPilot;

public static class MailPilotServices
{
    /// <summary>Adds the agent. The host adds the model (<see cref="IChatClient"/>).</summary>
    public static IServiceCollection AddMailPilot(this IServiceCollection services, MailPilotOptions? options = null)
    {
        services.AddHttpClient(DriveConnections.HttpClientName, client => client.BaseAddress = new Uri("https://drive.example/v3/"));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IToolDispatcher, ParallelDispatch>();
        services.AddSingleton(options ?? new MailPilotOptions());
        services.AddSingleton<DriveConnections>();
        services.AddSingleton(provider => DriveTools.Create(provider.GetRequiredService<DriveConnections>().Get));
        services.AddSingleton<MailAgent>();
        services.AddSingleton<TaskRunner>();
        return services;
    }
}
