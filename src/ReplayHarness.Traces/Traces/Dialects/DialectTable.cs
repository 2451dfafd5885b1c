namespace ReplayHarness.Traces.Dialects;

/// <summary>Every dialect; the first that recognises a span reads it, so the more specific stand first.</summary>
internal static class DialectTable
{
    // CrewAI's own usage statistics: nothing of the run.
    private const string Noise = "crewai.telemetry";

    public static IReadOnlyList<Dialect> All { get; } =
    [
        new Harness(),
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
        new Strands(),
        new StepType(),
        new GenAi(),
        new Langfuse(),
    ];

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
