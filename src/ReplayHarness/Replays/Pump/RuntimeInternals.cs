#pragma warning disable RS0030 // Threads belong to Replays/Pump: this folder is the one owner of the banned APIs.
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace ReplayHarness.Replays.Pump;

/// <summary>
/// The private parts of the runtime that the pump needs, found by reflection once and compiled to delegates.
/// The names are those of .NET 10; <see cref="ThreadPoolOwner"/> tests at start that they still do what is expected.
/// </summary>
internal static class RuntimeInternals
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    public static Type Type(string name) =>
        typeof(object).Assembly.GetType(name) ?? throw new NotSupportedException($"this runtime has no type {name}");

    public static FieldInfo Field(Type type, string name) =>
        type.GetField(name, Any) ?? throw new NotSupportedException($"this runtime has no field {type.Name}.{name}");

    public static MethodInfo Method(Type type, string name) =>
        type.GetMethod(name, Any) ?? throw new NotSupportedException($"this runtime has no method {type.Name}.{name}");

    public static PropertyInfo Property(Type type, string name) =>
        type.GetProperty(name, Any) ?? throw new NotSupportedException($"this runtime has no property {type.Name}.{name}");

    /// <summary>A compiled reader of an instance field.</summary>
    public static Func<object, T> Getter<T>(FieldInfo field)
    {
        var instance = Expression.Parameter(typeof(object));
        var body = Expression.Field(Expression.Convert(instance, field.DeclaringType!), field);
        return Expression.Lambda<Func<object, T>>(Expression.Convert(body, typeof(T)), instance).Compile();
    }

    /// <summary>A compiled writer of an instance field.</summary>
    public static Action<object, T> Setter<T>(FieldInfo field)
    {
        var instance = Expression.Parameter(typeof(object));
        var value = Expression.Parameter(typeof(T));
        var target = Expression.Field(Expression.Convert(instance, field.DeclaringType!), field);
        return Expression
            .Lambda<Action<object, T>>(Expression.Assign(target, Expression.Convert(value, field.FieldType)), instance, value)
            .Compile();
    }

    /// <summary>The pool's two global queues: what is queued there, the pump runs.</summary>
    public static (ConcurrentQueue<object> Normal, ConcurrentQueue<object> HighPriority) PoolQueues()
    {
        var queue = Field(typeof(ThreadPool), "s_workQueue").GetValue(null)!;
        return (
            (ConcurrentQueue<object>)Field(queue.GetType(), "workItems").GetValue(queue)!,
            (ConcurrentQueue<object>)Field(queue.GetType(), "highPriorityWorkItems").GetValue(queue)!
        );
    }

    /// <summary>Runs a task that was queued to the pool, as a pool worker would.</summary>
    public static Action<Task, Thread> TaskExecutor() =>
        Method(typeof(Task), "ExecuteFromThreadPool").CreateDelegate<Action<Task, Thread>>();
}
