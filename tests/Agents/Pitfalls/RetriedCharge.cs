namespace Pitfalls;

/// <summary>A charge that timed out may have been made.</summary>
public static class RetriedCharge
{
    public static Dispatch Broken { get; } =
        async (tools, calls, token) =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return [await tools.CallAsync(calls[0], token)];
                }
                catch (TimeoutException) when (attempt < 3) { }
            }
        };

    public static Dispatch Fixed { get; } =
        async (tools, calls, token) =>
        {
            try
            {
                return [await tools.CallAsync(calls[0], token)];
            }
            catch (TimeoutException e)
            {
                return [$"not known whether the charge was made: {e.Message}"];
            }
        };
}
