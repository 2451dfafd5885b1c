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

    private static readonly Type[] s_signals = [typeof(Task), typeof(Task<bool>), typeof(Task<object>)];

    private static readonly string? s_runtime = Path.GetDirectoryName(typeof(object).Assembly.Location);

    /// <summary>True for a timer that paces. One of the runtime's or a package's own, which the agent did not make, does not.</summary>
    public static bool Is(VirtualTimer timer)
    {
        var (callback, state) = timer.For;
        if (timer.IsSleep)
            return true;
        if (state is Task delay)
            return IsDelay(delay) && !GuardsACall(delay, MostDepth);
        if (state?.GetType().DeclaringType == typeof(PeriodicTimer) || callback?.Target is System.Timers.Timer)
            return true;
        return callback is not null
            && !TypeTable.IsFramework(callback.Method.DeclaringType ?? typeof(object))
            && !GivesUp.Reaches(callback.Method)
            && state is not CancellationTokenSource;
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
    private static bool GuardsACall(Task task, int depth)
    {
        var waiting = RuntimeParts.Field(typeof(Task), RuntimeParts.Current.Tasks.Continuation).GetValue(task);
        return waiting is not null && depth > 0 && IsRace(waiting, task, depth - 1);
    }

    private static bool IsRace(object waiting, Task arm, int depth) =>
        waiting switch
        {
            Task task => (IsWhenAny(task) && HasACallBeside(arm, task)) || GuardsACall(task, depth),
            Delegate callback => callback.Target is { } target && IsRace(target, arm, depth - 1),
            IEnumerable<object?> several => several.Any(one => one is not null && IsRace(one, arm, depth)),
            _ when depth < 0 => false,
            _ => Inside(waiting).Any(inner => IsRace(inner, arm, depth - 1)),
        };

    private static bool HasACallBeside(Task arm, Task race)
    {
        var arms = AwaitChains.Awaited(race).ToArray();
        return arms.Length == 0 || Array.Exists(arms, other => other != arm && IsCall(other, MostDepth));
    }

    // A signal that carries nothing tells the agent to stop, and is no call; nor is a turn at a semaphore, or another delay.
    private static bool IsCall(Task task, int depth)
    {
        if (task.IsCompleted)
            return false;
        if (depth == 0 || Kernel.Current?.NameOf(task) is not null)
            return true;
        var awaited = AwaitChains.Awaited(task).Where(t => !t.IsCompleted).ToArray();
        return awaited.Length > 0 ? Array.Exists(awaited, t => IsCall(t, depth - 1)) : !IsSignal(task);
    }

    private static bool IsSignal(Task task) =>
        IsDelay(task)
        || task.GetType().DeclaringType == typeof(SemaphoreSlim)
        || (
            s_signals.Contains(task.GetType()) && RuntimeParts.Field(typeof(Task), RuntimeParts.Current.Tasks.Action).GetValue(task) is null
        );

    private static bool IsWhenAny(Task task) =>
        RuntimeParts.Current.Tasks.WhenAnyTypes.Any(name => NameOf(task).Contains(name, StringComparison.Ordinal));

    private static bool IsDelay(Task task) => NameOf(task).StartsWith(RuntimeParts.Current.Tasks.DelayType, StringComparison.Ordinal);

    // What goes on after an await holds a callback; what goes on after a ContinueWith, its task.
    private static IEnumerable<object> Inside(object continuation) =>
        TypePlan
            .FieldsOf(continuation.GetType())
            .Where(f => typeof(Delegate).IsAssignableFrom(f.FieldType) || typeof(Task).IsAssignableFrom(f.FieldType))
            .Select(f => f.GetValue(continuation))
            .OfType<object>();

    private static string NameOf(Task task) => task.GetType().Name;
}
