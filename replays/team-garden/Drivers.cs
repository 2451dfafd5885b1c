using Anthropic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;
using TeamAgents;

namespace Replays.TeamGarden;

/// <summary>The agent, over Anthropic's own client and the garden's register.</summary>
/// <param name="copies">Whether a call goes through a copy of the register.</param>
/// <param name="fatal">Whether the run dies of a tool's error, which is told to the model else.</param>
public abstract class GardenDriver(bool copies, bool fatal) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var garden = new HttpClient { BaseAddress = new("https://garden.example/") };
        var model = new AnthropicClient { ApiKey = "none" }.AsIChatClient("claude-sonnet-4-6");
        await new GardenDesk(model, new(garden, copies), fatal).AskAsync(input.Text, cancellationToken);
    }
}

/// <summary>As deployed.</summary>
public sealed class Deployed() : GardenDriver(copies: false, fatal: true);

/// <summary>Mended.</summary>
public sealed class Mended() : GardenDriver(copies: true, fatal: false);
