using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis;

/// <summary>What a run is: the segments by which runs are compared.</summary>
/// <param name="RunId">The domain id of the run, and the attribute that holds it; null where its spans have none.</param>
/// <param name="TraceIds">The traces of its attempts, in order of time.</param>
/// <param name="Release">The version of the agent, or null.</param>
/// <param name="Workflow">The workflow or agent, or null.</param>
/// <param name="Model">The model that was asked first, or null.</param>
/// <param name="Environment">The deployment environment, or null.</param>
internal sealed record RunContext(
    (string Key, string Value)? RunId,
    IReadOnlyList<string> TraceIds,
    string? Release,
    string? Workflow,
    string? Model,
    string? Environment
)
{
    /// <summary>The context of a run's attempts.</summary>
    public static RunContext Of(IReadOnlyList<AgentRun> attempts)
    {
        var spans = attempts.SelectMany(SpansOf).ToArray();
        return new(
            First(spans, KnownNames.RunId),
            [.. attempts.SelectMany(a => a.TraceIds).Distinct(StringComparer.Ordinal)],
            First(spans, KnownNames.Release)?.Value,
            First(spans, KnownNames.Workflow)?.Value,
            attempts.SelectMany(a => a.ModelCalls).Select(m => m.Model).FirstOrDefault(m => m is not null),
            First(spans, KnownNames.Environment)?.Value
        );
    }

    // What the run itself says counts before what the spans around it say.
    private static IEnumerable<Span> SpansOf(AgentRun run) =>
        run.Root is null ? [.. run.Spans, .. run.Trace.Spans] : [run.Root, .. run.Spans, .. run.Trace.Spans];

    /// <summary>The version of the agent of a run, or null.</summary>
    public static string? ReleaseOf(AgentRun run) => First([.. SpansOf(run)], KnownNames.Release)?.Value;

    private static (string Key, string Value)? First(Span[] spans, string[] names)
    {
        foreach (var name in names)
            if (spans.Select(s => s.Text(name)).FirstOrDefault(t => t is { Length: > 0 }) is { } value)
                return (name, value);
        return null;
    }
}
