namespace Pitfalls;

/// <summary>Waits for asynchronous tools while it holds a lock.</summary>
public static class BlockingTools
{
    public static Dispatch Broken { get; } =
        async (tools, calls, token) =>
        {
            var gate = new Lock();
            return await Task.WhenAll(
                calls.Select(call =>
                    Task.Run(
                        () =>
                        {
                            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                            lock (gate)
                                return (object?)tools.CallAsync(call, deadline.Token).GetAwaiter().GetResult();
                        },
                        token
                    )
                )
            );
        };

    public static Dispatch Fixed { get; } =
        async (tools, calls, token) =>
            await Task.WhenAll(
                calls.Select(async call =>
                {
                    using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                    return (object?)await tools.CallAsync(call, deadline.Token);
                })
            );
}
