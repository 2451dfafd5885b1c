namespace ReplayHarness.Traces.Dialects;

/// <summary>A dialect, as the documents list it.</summary>
/// <param name="Dialect">The dialect.</param>
/// <param name="Writers">What writes it.</param>
/// <param name="Proof">What it was proved on.</param>
internal sealed record DialectRow(Dialect Dialect, string Writers, string Proof);

/// <summary>Every dialect; the first that recognises a span reads it, so the more specific stand first.</summary>
internal static class DialectTable
{
    // CrewAI's own usage statistics: nothing of the run.
    private const string Noise = "crewai.telemetry";

    /// <summary>Every dialect, with what writes it and what it was proved on.</summary>
    public static IReadOnlyList<DialectRow> Rows { get; } =
    [
        new(new Harness(), "what this harness writes of a replay", "every report of a replay"),
        new(new ClaudeCode(), "Claude Code and its Agent SDK: their own spans (`claude_code.…`)", "an export, read once"),
        new(
            new BeeAi(),
            "BeeAI, by OpenInference's instrumentations of TypeScript and Python",
            "a run of the TypeScript one, read once; Python after its source"
        ),
        new(new OpenInference(), "OpenInference (CrewAI, LangGraph, OpenAI Agents, LiteLLM, …)", "exports of OpenAI Agents and LangGraph"),
        new(new VercelAi(), "Vercel AI SDK v5–v7", "exports of v6 and v7 legacy"),
        new(new Mastra(), "Mastra 0.24 and 1.71", "an export of each"),
        new(new Genkit(), "Genkit", "an export"),
        new(new GoogleAdk(), "Google ADK", "an export"),
        new(new LangSmith(), "LangSmith", "written after its documentation"),
        new(new OpenLlmetry(), "OpenLLMetry (LangGraph)", "an export"),
        new(new LogfireOpenAiAgents(), "Logfire's OpenAI Agents", "written after its documentation"),
        new(new PydanticAi(), "Pydantic AI v1–v6", "drive-timeout; a sample of Langfuse's, read once"),
        new(new Koog(), "Koog", "a sample of Langfuse's, read once"),
        new(new GeminiCli(), "Gemini CLI", "written after its source"),
        new(new SemanticKernel(), "Semantic Kernel 1.82", "an export, read once"),
        new(new AzureAi(), "Azure's clients (`Azure.AI.Inference`)", "written after its documentation"),
        new(new Strands(), "Strands", "an export"),
        new(new MlFlow(), "MLflow", "written after examples"),
        new(new Weave(), "W&B Weave", "written after examples"),
        new(new Laminar(), "Laminar (OpenHands)", "an export of its JavaScript SDK, read once; Python after its source"),
        new(new StepType(), "home-grown agents that name their steps (`step_type`, `stop_reason`)", "spans of the tests"),
        new(
            new ExtensionsAi(),
            "Microsoft.Extensions.AI 10 and Microsoft Agent Framework 1, whatever the application calls its sources",
            "exports of both, read once"
        ),
        new(
            new GenAi(),
            "gen_ai conventions of every version (attributes, events, logged events, numbered attributes), AutoGen; MCP",
            "exports of Vercel AI 7 and Strands; AutoGen after its documentation"
        ),
        new(new Langfuse(), "Langfuse (LangGraph), and the content that it keeps of other dialects", "an export"),
    ];

    /// <summary>Every dialect, in the order in which they are asked.</summary>
    public static IReadOnlyList<Dialect> All { get; } = [.. Rows.Select(r => r.Dialect)];

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
