namespace Pitfalls;

/// <summary>A context that serves one operation at a time, as object-relational mappers have it, shared by parallel calls.</summary>
public static class SharedContext
{
    public static Dispatch Broken { get; } =
        async (tools, calls, token) =>
        {
            var context = new UnitOfWork();
            return await Task.WhenAll(calls.Select(call => SaveAsync(tools, context, call, token)));
        };

    public static Dispatch Fixed { get; } =
        async (tools, calls, token) => await Task.WhenAll(calls.Select(call => SaveAsync(tools, new UnitOfWork(), call, token)));

    private static async Task<object?> SaveAsync(
        Toolbox tools,
        UnitOfWork context,
        Microsoft.Extensions.AI.FunctionCallContent call,
        CancellationToken token
    )
    {
        var result = await tools.CallAsync(call, token);
        using (context.Begin())
            await tools.CallAsync("audit", call.CallId, token);
        return result;
    }

    private sealed class UnitOfWork : IDisposable
    {
        private bool _inUse;

        public UnitOfWork Begin()
        {
            if (_inUse)
                throw new InvalidOperationException(
                    "A second operation was started on this context instance before a previous operation completed."
                );
            _inUse = true;
            return this;
        }

        public void Dispose() => _inUse = false;
    }
}
