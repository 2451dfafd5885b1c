using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OrderDesk;

/// <summary>The tools of the order desk, over HTTP: the orders of a customer, the stock of an article.</summary>
/// <param name="http">Sends the requests.</param>
/// <param name="gates">Lets one request at a time to a service.</param>
/// <param name="time">Whose time-outs count.</param>
public sealed class OrderTools(HttpClient http, Gates gates, TimeProvider time)
{
    private static readonly TimeSpan s_inventoryTimeout = TimeSpan.FromMilliseconds(300);

    public IReadOnlyList<AIFunction> All =>
        [
            AIFunctionFactory.Create(
                [Description("The last orders of a customer.")]
                (string customer_id, int limit, CancellationToken cancellationToken) =>
                    GetAsync(
                        "orders",
                        $"http://orders.example/customers/{customer_id}/orders?limit={limit}",
                        Timeout.InfiniteTimeSpan,
                        cancellationToken
                    ),
                "search_orders"
            ),
            AIFunctionFactory.Create(
                [Description("The stock of an article in a warehouse.")]
                (string sku, string warehouse, CancellationToken cancellationToken) =>
                    GetAsync("inventory", $"http://inventory.example/{warehouse}/{sku}", s_inventoryTimeout, cancellationToken),
                "check_inventory"
            ),
        ];

    private async Task<JsonElement> GetAsync(string service, string url, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var gate = gates.Of(service);
        try
        {
            // The time spent waiting for others counts against the time-out.
            await gate.WaitAsync(either.Token);
            try
            {
                return JsonElement.Parse(await http.GetStringAsync(new Uri(url), either.Token));
            }
            finally
            {
                gate.Release();
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"{service}-service: request timed out after {timeout.TotalMilliseconds:0}ms");
        }
    }
}

/// <summary>Gates of services: one for all of them, as it was deployed, or one each.</summary>
public sealed class Gates(bool shared)
{
    private readonly Dictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    public SemaphoreSlim Of(string service)
    {
        var name = shared ? "" : service;
        lock (_gates)
            return _gates.TryGetValue(name, out var gate) ? gate : _gates[name] = new SemaphoreSlim(1, 1);
    }
}
