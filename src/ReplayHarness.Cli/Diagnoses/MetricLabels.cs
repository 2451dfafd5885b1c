using ReplayHarness.Diagnosis;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>By which labels metrics tell the segments of a run apart, as people and instrumentations name them.</summary>
internal static class MetricLabels
{
    private static readonly Dictionary<string, string[]> s_labels = new(StringComparer.Ordinal)
    {
        ["release"] = ["release", "service_version", "app_version", "version"],
        ["workflow"] = ["workflow", "workflow_name", "gen_ai_agent_name", "agent_name", "agent"],
        ["model"] = ["model", "gen_ai_request_model", "model_name"],
        ["tool"] = ["tool", "tool_name", "gen_ai_tool_name"],
        ["status"] = ["status", "outcome", "result"],
        ["error"] = ["error_type", "error_class"],
    };

    /// <summary>The label of a segment among those that a metric has; null where it has none.</summary>
    public static string? Of(string segment, IReadOnlyCollection<string> labels) =>
        s_labels[segment].FirstOrDefault(l => labels.Contains(l, StringComparer.Ordinal));

    /// <summary>The segments that a run belongs to, and the tool of its first error.</summary>
    public static IEnumerable<(string Name, string Value)> Segments(RunContext context, string? tool)
    {
        foreach (
            var (name, value) in new[]
            {
                ("release", context.Release),
                ("workflow", context.Workflow),
                ("model", context.Model),
                ("tool", tool),
            }
        )
            if (value is not null)
                yield return (name, value);
    }
}
