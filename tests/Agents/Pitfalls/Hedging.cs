namespace Pitfalls;

/// <summary>Asks two sources at once and takes the first answer.</summary>
public static class Hedging
{
    // The answer of the first source is awaited, whichever won, after the loser has been cancelled.
    public static Dispatch Broken { get; } =
        async (tools, calls, token) =>
        {
            using var losers = CancellationTokenSource.CreateLinkedTokenSource(token);
            Task<string>[] asked = [.. calls.Select(c => tools.CallAsync(c, losers.Token))];
            await Task.WhenAny(asked);
            await losers.CancelAsync();
            var answer = await asked[0];
            return [.. calls.Select(_ => answer)];
        };

    public static Dispatch Fixed { get; } =
        async (tools, calls, token) =>
        {
            using var losers = CancellationTokenSource.CreateLinkedTokenSource(token);
            Task<string>[] asked = [.. calls.Select(c => tools.CallAsync(c, losers.Token))];
            var answer = await await Task.WhenAny(asked);
            await losers.CancelAsync();
            return [.. calls.Select(_ => answer)];
        };
}
