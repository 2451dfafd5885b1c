namespace Pitfalls;

/// <summary>Results in the order of completion are given to the calls in the order of the request.</summary>
public static class LeakedOrder
{
    public static Dispatch Broken { get; } =
        async (tools, calls, token) =>
        {
            var results = new List<string>();
            await Task.WhenAll(calls.Select(async call => results.Add(await tools.CallAsync(call, token))));
            return Checked(calls, results);
        };

    public static Dispatch Fixed { get; } =
        async (tools, calls, token) => Checked(calls, await Task.WhenAll(calls.Select(call => tools.CallAsync(call, token))));

    // Each result names the call it belongs to.
    private static IReadOnlyList<object?> Checked(
        IReadOnlyList<Microsoft.Extensions.AI.FunctionCallContent> calls,
        IReadOnlyList<string> results
    ) =>
        calls.Select((call, i) => results[i].Contains($"{call.Arguments!["of"]}", StringComparison.Ordinal)).All(fits => fits)
            ? [.. results]
            : throw new InvalidOperationException("a result was given to another call");
}
