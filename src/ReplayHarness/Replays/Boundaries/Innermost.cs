using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>Finds the function that others stand around.</summary>
internal static class Innermost
{
    /// <summary>The function whose own code runs in the end; null where the function is that itself.</summary>
    public static AIFunction? Of(AIFunction function)
    {
        AIFunction? innermost = null;
        try
        {
            for (var at = function; at is DelegatingAIFunction outer; at = innermost)
                innermost = InnerOf(outer);
        }
        catch (MissingMethodException)
        {
            // What stands around a tool is then a part of it.
            return null;
        }
        return innermost;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerFunction")]
    private static extern AIFunction InnerOf(DelegatingAIFunction function);
}
