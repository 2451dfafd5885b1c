using System.Runtime.CompilerServices;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Hash codes that agent code asks for itself: those of strings, and of objects that have none of their own, are drawn anew.
/// </summary>
public static class ControlledHashes
{
    /// <summary>Instead of <see cref="object.GetHashCode"/>.</summary>
    [Replaces(typeof(object), "GetHashCode", Instance = true, From = Caller.Agent)]
    public static int Of(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var code = value.GetHashCode();
        if (Kernel.Current is { } kernel && (value is string || code == RuntimeHelpers.GetHashCode(value)))
            kernel.NoteUncontrolled(
                $"GetHashCode of {value.GetType().Name}: it differs from process to process; use a hash of your own for anything but a "
                    + $"table{ControlledReflection.CallingMethod()}"
            );
        return code;
    }
}
