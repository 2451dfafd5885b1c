namespace ReplayHarness.Traces.Dialects;

/// <summary>Every dialect; the first that recognises a span reads it, so the more specific stand first.</summary>
internal static class DialectTable
{
    // CrewAI's own usage statistics: nothing of the run.
    private const string Noise = "crewai.telemetry";

    public static IReadOnlyList<Dialect> All { get; } =
    [
        new Harness(),
        new ClaudeCode(),
        new BeeAi(),
        new OpenInference(),
        new VercelAi(),
        new Mastra(),
        new Genkit(),
        new GoogleAdk(),
        new LangSmith(),
        new OpenLlmetry(),
        new LogfireOpenAiAgents(),
        new PydanticAi(),
        new Koog(),
        new GeminiCli(),
        new SemanticKernel(),
        new AzureAi(),
        new Strands(),
        new MlFlow(),
        new Weave(),
        new Laminar(),
        new StepType(),
        new ExtensionsAi(),
        new GenAi(),
        new Langfuse(),
    ];

    /// <summary>The dialect of a store that keeps the content of other dialects' spans under names of its own.</summary>
    public static Dialect Store { get; } = All.OfType<Langfuse>().Single();

    /// <summary>
    /// The dialect of each span of a trace. A source that wrote one span as Microsoft.Extensions.AI does wrote its others so, too, where
    /// nothing of their own tells.
    /// </summary>
    public static Dictionary<Span, Dialect?> Of(IReadOnlyList<Span> spans)
    {
        var dialects = new Dictionary<Span, Dialect?>(ReferenceEqualityComparer.Instance);
        foreach (var span in spans)
            dialects[span] = Of(span);
        var extensionsAi = All.OfType<ExtensionsAi>().Single();
        var scopes = spans.Where(s => dialects[s] == extensionsAi).Select(s => s.Scope).ToHashSet(StringComparer.Ordinal);
        if (scopes.Count > 0)
            foreach (var span in spans)
                if (dialects[span]?.GetType() == typeof(GenAi) && ExtensionsAi.IsOfDotNet(span) && scopes.Contains(span.Scope))
                    dialects[span] = extensionsAi;
        return dialects;
    }

    public static Dialect? Of(Span span)
    {
        if (span.Scope == Noise)
            return null;
        foreach (var dialect in All)
            if (dialect.Recognises(span))
                return dialect;
        return null;
    }
}
