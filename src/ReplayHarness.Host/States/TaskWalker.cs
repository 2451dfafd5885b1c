using System.Reflection;

namespace ReplayHarness.Host.States;

/// <summary>
/// A task's state: how far it is, its result or error, who waits for it, and, for an async method, its locals and its execution context
/// (which holds the AsyncLocals).
/// </summary>
internal static class TaskWalker
{
    private static readonly TaskParts s_names = RuntimeParts.Current.Tasks;
    private static readonly FieldInfo[] s_own =
    [
        .. new[] { s_names.Continuation, s_names.State, s_names.Action }.Select(name => RuntimeParts.Field(typeof(Task), name)),
    ];

    public static Action<object, HeapWalk> Of(Type type)
    {
        var fields = TypePlan.FieldsOf(type).Where(f => f.DeclaringType != typeof(Task));
        var walkFields = TypePlan.Compile(type, fields.Concat(s_own));
        return (value, walk) =>
        {
            var task = (Task)value;
            walk.Add((ulong)task.Status);
            walkFields(value, walk);
            if (task.IsFaulted)
                walk.Visit(Unobserved(task));
        };
    }

    // Reading Task.Exception marks it as observed; the agent would then never hear of it.
    private static Exception? Unobserved(Task task)
    {
        var properties = RuntimeParts.Field(typeof(Task), s_names.More).GetValue(task);
        var holder = properties is null ? null : RuntimeParts.Field(properties.GetType(), s_names.ErrorHolder).GetValue(properties);
        var faults = holder is null
            ? null
            : (System.Collections.IEnumerable?)RuntimeParts.Field(holder.GetType(), s_names.Errors).GetValue(holder);
        return faults?.Cast<System.Runtime.ExceptionServices.ExceptionDispatchInfo>().FirstOrDefault()?.SourceException;
    }
}
