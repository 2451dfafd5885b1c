using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Pitfalls;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Says that a charge acts.</summary>
public sealed class RetriedChargeThatActs() : PitfallDriver(() => RetriedCharge.Broken), IReplayDriver
{
    IReadOnlyDictionary<string, bool> IReplayDriver.Effects { get; } = new Dictionary<string, bool> { ["charge"] = true };
}

/// <summary>Says that a charge changes nothing.</summary>
public sealed class RetriedChargeThatAsks() : PitfallDriver(() => RetriedCharge.Broken), IReplayDriver
{
    IReadOnlyDictionary<string, bool> IReplayDriver.Effects { get; } = new Dictionary<string, bool> { ["charge"] = false };
}

/// <summary>The order desk with tools of its own, one of which reserves; after the calls of each turn one is made again.</summary>
/// <param name="method">How the second tool asks.</param>
/// <param name="again">Which call is made again.</param>
public abstract class CallsOnceMore(HttpMethod method, int again) : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IReadOnlyList<AIFunction>>(s =>
        {
            var http = s.HttpClient();
            return
            [
                AIFunctionFactory.Create(
                    (string customer_id, int limit, CancellationToken token) =>
                        SendAsync(http, HttpMethod.Get, $"http://orders.example/customers/{customer_id}/orders?limit={limit}", token),
                    "search_orders"
                ),
                AIFunctionFactory.Create(
                    (string sku, string warehouse, CancellationToken token) =>
                        SendAsync(http, method, $"http://inventory.example/{warehouse}/{sku}", token),
                    "check_inventory"
                ),
            ];
        });

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new ToolLoop(
            services.ChatClient(),
            services.Tools(),
            async (tools, calls, token) =>
            {
                List<object?> results = [];
                foreach (var call in calls)
                    results.Add(await tools.CallAsync(call, token));
                await tools.CallAsync(calls[again], token);
                return results;
            }
        ).RunAsync(input.Text, cancellationToken);

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string url, CancellationToken token)
    {
        using var request = new HttpRequestMessage(method, url);
        using var answer = await http.SendAsync(request, token);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(token));
    }
}

/// <summary>Reserves, and reserves again.</summary>
public sealed class ReservesTwice() : CallsOnceMore(HttpMethod.Post, again: 1);

/// <summary>Reserves once, and looks up twice.</summary>
public sealed class ReservesAndLooks() : CallsOnceMore(HttpMethod.Post, again: 0);

/// <summary>Looks up twice.</summary>
public sealed class LooksTwice() : CallsOnceMore(HttpMethod.Get, again: 1);
