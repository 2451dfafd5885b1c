namespace ReplayHarness.Traces.Dialects;

/// <summary>Every dialect; the first that recognises a span reads it, so the more specific stand first.</summary>
internal static class DialectTable
{
    public static IReadOnlyList<Dialect> All { get; } =
    [
        new OpenInference(),
        new VercelAi(),
        new PydanticAi(),
        new Strands(),
        new StepType(),
        new GenAi(),
    ];

    public static Dialect? Of(Span span)
    {
        foreach (var dialect in All)
            if (dialect.Recognises(span)) return dialect;
        return null;
    }
}
