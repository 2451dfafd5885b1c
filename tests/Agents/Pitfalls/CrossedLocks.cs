namespace Pitfalls;

/// <summary>Two branches need two locks.</summary>
public static class CrossedLocks
{
    // Each holds what the other waits for, once both have their first.
    public static Dispatch Broken { get; } = (tools, calls, token) => RunAsync(tools, calls, crossed: true, token);

    /// <summary>The same without a deadline: the run never ends.</summary>
    public static Dispatch Endless { get; } = (tools, calls, token) => LockAsync(tools, calls, crossed: true, token);

    public static Dispatch Fixed { get; } = (tools, calls, token) => RunAsync(tools, calls, crossed: false, token);

    private static Task<IReadOnlyList<object?>> RunAsync(
        Toolbox tools,
        IReadOnlyList<Microsoft.Extensions.AI.FunctionCallContent> calls,
        bool crossed,
        CancellationToken token
    ) => LockAsync(tools, calls, crossed, token).WaitAsync(TimeSpan.FromMinutes(5), token);

    private static async Task<IReadOnlyList<object?>> LockAsync(
        Toolbox tools,
        IReadOnlyList<Microsoft.Extensions.AI.FunctionCallContent> calls,
        bool crossed,
        CancellationToken token
    )
    {
        using var ledger = new SemaphoreSlim(1);
        using var mail = new SemaphoreSlim(1);
        return await Task.WhenAll(
            calls.Select(
                async (call, i) =>
                {
                    var (first, second) = crossed && i % 2 == 1 ? (mail, ledger) : (ledger, mail);
                    var before = await tools.CallAsync("audit", call.CallId, token);
                    await first.WaitAsync(token);
                    var result = await tools.CallAsync(call, token);
                    await second.WaitAsync(token);
                    second.Release();
                    first.Release();
                    return (object?)(before + result);
                }
            )
        );
    }
}
