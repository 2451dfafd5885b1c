namespace ReplayHarness.Replays;

/// <summary>Whether a driver's task brought an answer: a driver may return its agent's <see cref="Task{TResult}"/>.</summary>
internal static class AgentAnswer
{
    /// <summary>True where it brought something, false where it brought nothing; null for a task without a result.</summary>
    public static bool? Of(Task run)
    {
        for (var type = run.GetType(); type is not null; type = type.BaseType)
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
                // An async method without a result has one all the same, of a type that nobody can name.
                return type.GenericTypeArguments[0].IsVisible ? IsSomething(type.GetProperty(nameof(Task<>.Result))!.GetValue(run)) : null;
        return null;
    }

    private static bool IsSomething(object? answer) =>
        answer is string text ? text.Any(char.IsLetterOrDigit) : answer is not null && answer.GetType() != typeof(object);
}
