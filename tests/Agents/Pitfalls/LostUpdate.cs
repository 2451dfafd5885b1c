namespace Pitfalls;

/// <summary>Two branches read a shared total, wait, and write it back.</summary>
public static class LostUpdate
{
    public static Dispatch Broken { get; } =
        async (tools, calls, token) =>
        {
            var total = 0;
            var results = await Task.WhenAll(
                calls.Select(async call =>
                {
                    var result = await tools.CallAsync(call, token);
                    var before = total;
                    await tools.CallAsync("audit", call.CallId, token);
                    total = before + 1;
                    return (object?)result;
                })
            );
            return total == calls.Count ? results : throw new InvalidOperationException($"{total} of {calls.Count} notes were kept");
        };

    public static Dispatch Fixed { get; } =
        async (tools, calls, token) =>
        {
            var total = 0;
            var results = await Task.WhenAll(
                calls.Select(async call =>
                {
                    var result = await tools.CallAsync(call, token);
                    await tools.CallAsync("audit", call.CallId, token);
                    // Two answers may come within the same instant.
                    Interlocked.Increment(ref total);
                    return (object?)result;
                })
            );
            return total == calls.Count ? results : throw new InvalidOperationException($"{total} of {calls.Count} notes were kept");
        };
}
