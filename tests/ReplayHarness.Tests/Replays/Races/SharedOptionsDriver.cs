using Microsoft.Extensions.AI;
using Pitfalls;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Two pieces that are ready at once set one object of a package.</summary>
public sealed class SharedOptionsDriver : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var options = new ChatOptions();
        await new ToolLoop(
            services.ChatClient(),
            services.Tools(),
            async (tools, calls, token) =>
            {
                await Task.WhenAll(calls.Select((_, i) => Task.Run(() => Set(options, i), token)));
                return await Task.WhenAll(calls.Select(async call => (object?)await tools.CallAsync(call, token)));
            }
        ).RunAsync(input.Text, cancellationToken);
    }

    private static void Set(ChatOptions options, int tokens)
    {
        if (options.Temperature is null)
            options.MaxOutputTokens = tokens;
    }
}
