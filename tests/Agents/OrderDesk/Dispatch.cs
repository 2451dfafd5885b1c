namespace OrderDesk;

/// <summary>Makes the calls of one answer at once.</summary>
public static class Dispatch
{
    /// <summary>The results in the order of the calls.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="call">Makes one.</param>
    /// <param name="survives">Whether an error becomes the call's result; else the first ends all others and the run.</param>
    /// <param name="cancellationToken">Ends all.</param>
    public static async Task<string[]> AllAsync<T>(
        IReadOnlyList<T> calls,
        Func<T, CancellationToken, Task<string>> call,
        bool survives,
        CancellationToken cancellationToken
    )
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return await Task.WhenAll(calls.Select(OneAsync));

        async Task<string> OneAsync(T one)
        {
            try
            {
                return await call(one, others.Token);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                if (survives)
                    return $"Error: {e.Message}";
                await others.CancelAsync();
                throw;
            }
        }
    }
}
