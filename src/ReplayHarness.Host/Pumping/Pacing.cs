using ReplayHarness.Host.States;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// Tells timers that pace the agent (a delay, a heartbeat) from those that guard a call (a time-out). How late a call answers nobody knows,
/// so that what paces may come before the answer; a guard's length was chosen so that a healthy answer comes first.
/// </summary>
internal static class Pacing
{
    private const int MostDepth = 20;

    private static readonly string? s_runtime = Path.GetDirectoryName(typeof(object).Assembly.Location);

    /// <summary>True for a timer that paces. One of the runtime's or a package's own, which the agent did not make, does not.</summary>
    public static bool Is(VirtualTimer timer)
    {
        var names = RuntimeParts.Current.Tasks;
        var (callback, state) = timer.For;
        if (timer.IsSleep)
            return true;
        if (state is Task delay)
            return NameOf(delay).StartsWith(names.DelayType, StringComparison.Ordinal) && !GuardsSomething(delay, MostDepth);
        if (state?.GetType().DeclaringType == typeof(PeriodicTimer) || callback?.Target is System.Timers.Timer)
            return true;
        return callback is not null
            && !TypeTable.IsFramework(callback.Method.DeclaringType ?? typeof(object))
            && !HoldsSource(callback.Target)
            && !HoldsSource(state);
    }

    /// <summary>
    /// True for a timer whose callback is code of a framework or of a package that Microsoft signed. What the runtime makes it makes for
    /// others: a delay, a time-out.
    /// </summary>
    public static bool IsOfFramework(VirtualTimer timer) =>
        timer.For.Callback?.Method.DeclaringType is { } type
        && TypeTable.IsFramework(type)
        && !HarnessCode.Owns(type.Assembly)
        && Path.GetDirectoryName(type.Assembly.Location) != s_runtime;

    // Somebody waits for whichever comes first, the delay or a call.
    private static bool GuardsSomething(Task task, int depth)
    {
        var waiting = RuntimeParts.Field(typeof(Task), RuntimeParts.Current.Tasks.Continuation).GetValue(task);
        return waiting is not null && depth > 0 && IsRace(waiting, depth - 1);
    }

    private static bool IsRace(object waiting, int depth) =>
        waiting switch
        {
            Task task => IsWhenAny(task) || GuardsSomething(task, depth),
            Delegate callback => callback.Target is { } target && IsRace(target, depth - 1),
            IEnumerable<object?> several => several.Any(one => one is not null && IsRace(one, depth)),
            _ when depth < 0 => false,
            _ => Inside(waiting).Any(inner => IsRace(inner, depth - 1)),
        };

    private static bool IsWhenAny(Task task) =>
        RuntimeParts.Current.Tasks.WhenAnyTypes.Any(name => NameOf(task).Contains(name, StringComparison.Ordinal));

    // What goes on after an await holds a callback; what goes on after a ContinueWith, its task.
    private static IEnumerable<object> Inside(object continuation) =>
        TypePlan
            .FieldsOf(continuation.GetType())
            .Where(f => typeof(Delegate).IsAssignableFrom(f.FieldType) || typeof(Task).IsAssignableFrom(f.FieldType))
            .Select(f => f.GetValue(continuation))
            .OfType<object>();

    // A timer by which an agent cancels something is a guard of its own making.
    private static bool HoldsSource(object? target) =>
        target is CancellationTokenSource
        || (
            target is not null
            && TypePlan.FieldsOf(target.GetType()).Any(f => typeof(CancellationTokenSource).IsAssignableFrom(f.FieldType))
        );

    private static string NameOf(Task task) => task.GetType().Name;
}
