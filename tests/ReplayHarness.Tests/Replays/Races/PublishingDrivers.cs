using Microsoft.Extensions.DependencyInjection;
using Pitfalls;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Tables that whoever comes first makes, and all only read then: of a static, and of a service of a container.</summary>
public sealed class CalmTablesDriver : IReplayDriver
{
    private static class Prices
    {
        public static readonly Dictionary<string, int> Of = Read();

        private static Dictionary<string, int> Read()
        {
            var read = new Dictionary<string, int>();
            foreach (var name in (string[])["a", "b", "c"])
                read.Add(name, name.Length);
            return read;
        }
    }

    private sealed class Stock
    {
        private readonly Dictionary<string, int> _left = [];

        public Stock()
        {
            foreach (var name in (string[])["a", "b", "c"])
                _left.Add(name, 1);
        }

        public int this[string name] => _left[name];
    }

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var shop = new ServiceCollection().AddSingleton<Stock>().BuildServiceProvider();
        await new ToolLoop(
            services.ChatClient(),
            services.Tools(),
            async (tools, calls, token) =>
            {
                await Task.WhenAll(calls.Select(_ => Task.Run(() => Prices.Of["a"] + shop.GetRequiredService<Stock>()["b"], token)));
                return await Task.WhenAll(calls.Select(async call => (object?)await tools.CallAsync(call, token)));
            }
        ).RunAsync(input.Text, cancellationToken);
    }
}
