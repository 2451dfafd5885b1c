using System.Reflection;

namespace ReplayHarness.Replays.States;

/// <summary>
/// A task's state: how far it is, its result or error, who waits for it, and, for an async method, its locals and its execution context (which holds the
/// AsyncLocals).
/// </summary>
internal static class TaskWalker
{
    private static readonly FieldInfo s_continuation = Pump.RuntimeInternals.Field(typeof(Task), "m_continuationObject");
    private static readonly FieldInfo s_state = Pump.RuntimeInternals.Field(typeof(Task), "m_stateObject");
    private static readonly FieldInfo s_action = Pump.RuntimeInternals.Field(typeof(Task), "m_action");

    public static Action<object, HeapWalk> Of(Type type)
    {
        var fields = TypePlan.FieldsOf(type).Where(f => f.DeclaringType != typeof(Task));
        var walkFields = TypePlan.Compile(type, fields.Append(s_continuation).Append(s_state).Append(s_action));
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
        var properties = Pump.RuntimeInternals.Field(typeof(Task), "m_contingentProperties").GetValue(task);
        var holder = properties is null
            ? null
            : Pump.RuntimeInternals.Field(properties.GetType(), "m_exceptionsHolder").GetValue(properties);
        var faults = holder is null
            ? null
            : (System.Collections.IEnumerable?)Pump.RuntimeInternals.Field(holder.GetType(), "m_faultExceptions").GetValue(holder);
        return faults?.Cast<System.Runtime.ExceptionServices.ExceptionDispatchInfo>().FirstOrDefault()?.SourceException;
    }
}
