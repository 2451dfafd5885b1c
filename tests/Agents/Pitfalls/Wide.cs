namespace Pitfalls;

/// <summary>Many parallel calls over several turns.</summary>
public static class Wide
{
    /// <summary>Nothing depends on the order in which the calls answer.</summary>
    public static Dispatch Commuting { get; } =
        async (tools, calls, token) => await Task.WhenAll(calls.Select(async call => (object?)await tools.CallAsync(call, token)));

    /// <summary>One order in many breaks it: the fifth call of the second turn answers first, and the first call last.</summary>
    public static Dispatch FirstFinisher()
    {
        var turn = 0;
        return async (tools, calls, token) =>
        {
            var mine = ++turn;
            var (first, last) = (-1, -1);
            var results = await Task.WhenAll(
                calls.Select(
                    async (call, i) =>
                    {
                        var result = await tools.CallAsync(call, token);
                        if (first < 0)
                            first = i;
                        last = i;
                        return (object?)result;
                    }
                )
            );
            return mine == 2 && first == 4 && last == 0
                ? throw new InvalidOperationException("the first finisher was taken for the only one")
                : results;
        };
    }
}
