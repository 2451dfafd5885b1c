using System.ClientModel;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using ReplayHarness.Replays;
using TeamAgents;

namespace Replays.TeamFerry;

/// <summary>The agent, registered as its Program does.</summary>
/// <param name="apart">Whether the radio listens for each route by itself.</param>
public abstract class FerryDriver(bool apart) : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) =>
        services.AddLogging().AddFerryDesk(new OpenAIClient(new ApiKeyCredential("none")), new("https://harbour.example/"), apart);

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        services.GetRequiredService<FerryDesk>().AskAsync(input.Text, cancellationToken);
}

/// <summary>As deployed.</summary>
public sealed class Deployed() : FerryDriver(apart: false);

/// <summary>Mended.</summary>
public sealed class Mended() : FerryDriver(apart: true);
