namespace Pitfalls;

/// <summary>Works while nothing goes wrong.</summary>
public static class Fragile
{
    public static Dispatch Broken { get; } =
        async (tools, calls, token) => await Task.WhenAll(calls.Select(async call => (object?)(await tools.CallAsync(call, token)).Trim()));

    /// <summary>A deadline for each call, and a result for each error.</summary>
    public static Dispatch Fixed { get; } =
        async (tools, calls, token) =>
            await Task.WhenAll(
                calls.Select(async call =>
                {
                    try
                    {
                        return (object?)await tools.CallAsync(call, token).WaitAsync(TimeSpan.FromSeconds(90), token);
                    }
                    catch (Exception e) when (e is TimeoutException or HttpRequestException)
                    {
                        return e.Message;
                    }
                })
            );

    /// <summary>Three steps that are ready at once, of which the second must not come first.</summary>
    public static Dispatch OrderOfItems { get; } =
        async (tools, calls, token) =>
        {
            var started = false;
            await Task.WhenAll(
                Task.Run(() => started = true, token),
                Task.Run(() => started ? 0 : throw new InvalidOperationException("not started"), token)
            );
            return await Task.WhenAll(calls.Select(async call => (object?)await tools.CallAsync(call, token)));
        };
}
