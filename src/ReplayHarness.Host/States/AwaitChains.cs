namespace ReplayHarness.Host.States;

/// <summary>
/// What an agent that does not get on waits for: from its task down, each async method with what it awaits, to the ends that nothing will
/// complete.
/// </summary>
internal static class AwaitChains
{
    private const int MostChains = 5;
    private const int MostDepth = 40;

    /// <summary>The chains, outermost method first.</summary>
    /// <param name="root">The agent's task.</param>
    /// <param name="nameOf">Names a task that belongs to an operation; null for any other.</param>
    public static IReadOnlyList<string> Of(Task root, Func<Task, string?> nameOf) =>
        [.. Chains(root, nameOf, 0).Select(chain => string.Join(" awaits ", chain)).Distinct(StringComparer.Ordinal).Take(MostChains)];

    private static IEnumerable<string[]> Chains(Task task, Func<Task, string?> nameOf, int depth)
    {
        var name = nameOf(task) ?? NameOf(task);
        Task[] awaited = depth < MostDepth && nameOf(task) is null ? [.. Awaited(task).Where(t => !t.IsCompleted).Distinct()] : [];
        string[] own = name is null ? [] : [name];
        if (awaited.Length == 0)
        {
            yield return own.Length > 0 ? own : [task.GetType().Name.Split('`')[0]];
            yield break;
        }
        foreach (var inner in awaited)
        foreach (var chain in Chains(inner, nameOf, depth + 1))
            yield return [.. own, .. chain];
    }

    // An async method's own name; what the runtime calls the other tasks, in words.
    private static string? NameOf(Task task)
    {
        var type = task.GetType();
        if (StateMachineOf(type) is { } machine)
        {
            if (HarnessCode.Owns(machine.Assembly))
                return null;
            var method = machine.Name.StartsWith('<') ? machine.Name[1..machine.Name.IndexOf('>', StringComparison.Ordinal)] : machine.Name;
            return $"{Outermost(machine)}.{(method.Length > 0 ? method : "lambda")}";
        }
        return type.DeclaringType?.Name switch
        {
            "SemaphoreSlim" => "SemaphoreSlim.WaitAsync",
            "Task" when type.Name.StartsWith(RuntimeParts.Current.Tasks.WhenAllType, StringComparison.Ordinal) => "Task.WhenAll",
            "Task" when type.Name.StartsWith(RuntimeParts.Current.Tasks.DelayType, StringComparison.Ordinal) => "Task.Delay",
            _ => type == typeof(Task) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
                ? "a TaskCompletionSource that nothing completes"
                : null,
        };
    }

    private static string Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Name;
    }

    private static Type? StateMachineOf(Type type)
    {
        for (var t = type; t is not null; t = t.BaseType)
            if (t.Name.Contains(RuntimeParts.Current.Tasks.AsyncMethodType, StringComparison.Ordinal))
                return t.GetGenericArguments()[^1];
        return null;
    }

    /// <summary>What a task waits for itself.</summary>
    public static IEnumerable<Task> Awaited(Task task)
    {
        var machine = StateMachineOf(task.GetType()) is null
            ? null
            : RuntimeParts.Field(task.GetType(), RuntimeParts.Current.Tasks.Locals).GetValue(task);
        return TasksIn(machine ?? task, 0);
    }

    // Awaiters are structs around a task; a promise of several holds them in an array.
    private static IEnumerable<Task> TasksIn(object holder, int depth)
    {
        var names = RuntimeParts.Current.Tasks;
        foreach (var field in TypePlan.FieldsOf(holder.GetType()).Where(f => f.Name != names.Continuation && f.Name != names.State))
        {
            var value = field.GetValue(holder);
            if (value is Task task && (holder is not Task || field.DeclaringType != typeof(Task)))
                yield return task;
            else if (value is Task[] tasks)
                foreach (var one in tasks.OfType<Task>())
                    yield return one;
            else if (
                value is not null
                && depth < 2
                && field.FieldType.IsValueType
                && field.FieldType.Name.Contains("Awaiter", StringComparison.Ordinal)
            )
                foreach (var inner in TasksIn(value, depth + 1))
                    yield return inner;
        }
    }
}
