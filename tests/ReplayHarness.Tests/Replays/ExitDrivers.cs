using Pitfalls;

namespace ReplayHarness.Tests.Replays;

/// <summary>Ends its process where the second call of a turn is the first to answer.</summary>
public abstract class EndsItsProcess(Action end)
    : PitfallDriver(() =>
        async (tools, calls, token) =>
        {
            var first = "";
            return await Task.WhenAll(
                calls.Select(async call =>
                {
                    var result = await tools.CallAsync(call, token);
                    if (first.Length == 0)
                        first = call.CallId;
                    else if (first != calls[0].CallId)
                        end();
                    return (object?)result;
                })
            );
        }
    );

public sealed class EndsWithACode() : EndsItsProcess(() => Environment.Exit(3));

public sealed class FailsFast() : EndsItsProcess(() => Environment.FailFast("the ledger is torn"));

public sealed class OverflowsItsStack() : EndsItsProcess(() => Deeper(1))
{
    private static long Deeper(long depth) => depth + Deeper(depth + 1);
}
