namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// What all dialects answer together: the names of OpenTelemetry's conventions first, then each dialect's own, in the order of <see
/// cref="DialectTable"/>.
/// </summary>
internal static class DialectNames
{
    public static IReadOnlyList<string> Sessions { get; } = All(d => d.Sessions, "session.id", "gen_ai.conversation.id");

    public static IReadOnlyList<string> InputTokens { get; } =
        All(d => d.InputTokens, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens");

    public static IReadOnlyList<string> OutputTokens { get; } =
        All(d => d.OutputTokens, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens");

    public static IReadOnlyList<string> Costs { get; } = [.. All(d => d.Costs, "gen_ai.usage.cost"), "cost_usd", "cost"];

    public static IReadOnlyList<string> Workflows { get; } = All(d => d.Workflows);

    public static IReadOnlyList<string> Models { get; } = All(d => d.Models);

    private static readonly IReadOnlyList<string> s_notOfTheTask = All(d => d.NotOfTheTask, "gen_ai.");

    /// <summary>True for an attribute that says nothing of the task that a run was given.</summary>
    public static bool IsNotOfTheTask(string name)
    {
        foreach (var prefix in s_notOfTheTask)
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        return false;
    }

    public static bool MarksFailure(Span span)
    {
        foreach (var dialect in DialectTable.All)
            if (dialect.MarksFailure(span))
                return true;
        return false;
    }

    public static string? ErrorMessage(Span span) => First(d => d.ErrorMessage(span));

    public static string? ErrorType(Span span) => First(d => d.ErrorType(span));

    public static string? DisplayName(Span span) => First(d => d.DisplayName(span));

    public static bool IsLogLine(Span span) => DialectTable.All.Any(d => d.IsLogLine(span));

    public static IEnumerable<object?> ToolDefinitions(Span span) =>
        [.. Dialect.ListOf(span, "gen_ai.tool.definitions"), .. DialectTable.All.SelectMany(d => d.ToolDefinitions(span))];

    private static string[] All(Func<Dialect, IReadOnlyList<string>> names, params string[] shared) =>
        [.. shared.Concat(DialectTable.All.SelectMany(names)).Distinct()];

    private static string? First(Func<Dialect, string?> answer) => DialectTable.All.Select(answer).FirstOrDefault(a => a is not null);
}
