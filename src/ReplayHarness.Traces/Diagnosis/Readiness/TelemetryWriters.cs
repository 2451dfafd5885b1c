using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Diagnosis.Readiness;

/// <summary>Who wrote the spans of a run, as far as a line of code depends on it.</summary>
internal enum TelemetryWriter
{
    /// <summary>Anybody else.</summary>
    Other,

    /// <summary>Microsoft.Extensions.AI.</summary>
    ExtensionsAi,

    /// <summary>Microsoft Agent Framework, over Microsoft.Extensions.AI.</summary>
    AgentFramework,

    /// <summary>Semantic Kernel.</summary>
    SemanticKernel,

    /// <summary>Azure's own clients.</summary>
    AzureAi,

    /// <summary>A provider's SDK for .NET, which never writes content and knows no tools.</summary>
    ProviderSdk,
}

/// <summary>Tells who wrote the spans of a run.</summary>
internal static class TelemetryWriters
{
    // OpenAI's, which Azure.AI.OpenAI uses, and Anthropic's.
    private static readonly string[] s_sdks = ["OpenAI.", "com.anthropic.sdk.csharp"];

    public static TelemetryWriter Of(AgentRun run)
    {
        Span[] calls = [.. run.ModelCalls.Select(m => m.Span), .. run.ToolCalls.Select(c => c.Span)];
        Span[] spans = calls.Length > 0 || run.Root is null ? calls : [run.Root];
        bool Any<T>() => spans.Any(s => run.Trace.DialectOf(s) is T);
        if (Any<SemanticKernel>())
            return TelemetryWriter.SemanticKernel;
        if (Any<AzureAi>())
            return TelemetryWriter.AzureAi;
        if (spans.Any(s => Array.Exists(s_sdks, sdk => s.Scope.StartsWith(sdk, StringComparison.Ordinal))))
            return TelemetryWriter.ProviderSdk;
        if (!Any<ExtensionsAi>() && !spans.Any(IsPlainOfDotNet))
            return TelemetryWriter.Other;
        return run.Spans.Any(s => AgentRuns.IsAgent(run.Trace, s)) ? TelemetryWriter.AgentFramework : TelemetryWriter.ExtensionsAi;
    }

    // Without content a span of Microsoft.Extensions.AI has nothing of its own.
    private static bool IsPlainOfDotNet(Span span) =>
        span.Resource.Text("telemetry.sdk.language") == "dotnet" && DialectTable.Of(span)?.GetType() == typeof(GenAi);
}
