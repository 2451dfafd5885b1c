using System.Reflection;
using System.Runtime.CompilerServices;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Host.States;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Hash codes that agent code asks for itself: those of strings, of objects that have none of their own, and of what holds one of these,
/// are other ones in every process.
/// </summary>
public static class ControlledHashes
{
    // A type that holds itself, at some depth, is taken for one that differs.
    private const int MostDepth = 5;

    /// <summary>Instead of <see cref="object.GetHashCode"/>.</summary>
    [Replaces(typeof(object), "GetHashCode", Instance = true, From = Caller.Agent)]
    public static int Of(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var code = value.GetHashCode();
        if (code == RuntimeHelpers.GetHashCode(value))
            Note(value.GetType());
        else
            Ask(value.GetType().TypeHandle);
        return code;
    }

    /// <summary>A hash code is asked for, of a value of a type.</summary>
    /// <param name="type">The type.</param>
    public static void Ask(RuntimeTypeHandle type)
    {
        if (Kernel.Current is not null && Type.GetTypeFromHandle(type)! is var asked && Differs(asked, MostDepth))
            Note(asked);
    }

    private static void Note(Type type) =>
        Kernel.Current?.NoteUncontrolled(
            $"GetHashCode of {type.Name}: it differs from process to process; use a hash of your own for anything but a "
                + $"table{ControlledReflection.CallingMethod()}"
        );

    private static bool Differs(Type type, int depth)
    {
        if (type == typeof(string) || type == typeof(object) || type.IsArray || depth == 0)
            return true;
        if (type.IsPrimitive || type.IsEnum)
            return false;
        if (type.GetGenericArguments().Any(a => Differs(a, depth - 1)))
            return true;
        return type.Assembly.IsDefined(typeof(OfAgentAttribute), inherit: false)
            && (!HasItsOwn(type) || TypePlan.FieldsOf(type).Any(f => Differs(f.FieldType, depth - 1)));
    }

    // One that has none of its own is known by where it lies.
    private static bool HasItsOwn(Type type) =>
        type.IsValueType || type.GetMethod(nameof(GetHashCode), Type.EmptyTypes)!.DeclaringType != typeof(object);
}
