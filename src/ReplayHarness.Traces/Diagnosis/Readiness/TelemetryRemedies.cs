namespace ReplayHarness.Diagnosis.Readiness;

/// <summary>The lines of code that turn on what telemetry leaves out, by who writes it.</summary>
internal static class TelemetryRemedies
{
    /// <summary>What is said to whose framework is not known.</summary>
    public const string AnyContent =
        "turn content on: OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true, or EnableSensitiveData, "
        + "recordInputs and recordOutputs of the framework";

    /// <summary>The pipeline of Microsoft.Extensions.AI.</summary>
    public const string Pipeline = ".UseFunctionInvocation().UseOpenTelemetry(configure: t => t.EnableSensitiveData = true)";

    /// <summary>The same, with what its order means.</summary>
    public const string Order =
        Pipeline
        + " on the chat client's builder, in this order: what is added first stands outermost, and telemetry belongs within the "
        + "invocation of functions, where each call of the model and of a tool has a span of its own";

    private const string AgentLine = "agent.AsBuilder().UseOpenTelemetry(configure: t => t.EnableSensitiveData = true).Build()";

    private const string KernelLine =
        "AppContext.SetSwitch(\"Microsoft.SemanticKernel.Experimental.GenAI.EnableOTelDiagnosticsSensitive\", true) "
        + "before the first kernel is made (or SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE=true)";

    private const string AzureLine =
        "AppContext.SetSwitch(\"Azure.Experimental.TraceGenAIMessageContent\", true) before the first client is made (or "
        + "AZURE_TRACING_GEN_AI_CONTENT_RECORDING_ENABLED=true)";

    private const string SdkLine =
        "the SDK's own source writes neither content nor tools: client.AsIChatClient().AsBuilder()" + Pipeline + ".Build(), in this order";

    private const string AzureToolsLine =
        "Azure's clients write no calls of tools, and an agent of the service asks its model there: over "
        + "client.AsIChatClient().AsBuilder()"
        + Pipeline
        + ".Build() both have spans";

    /// <summary>How the spans of one question get together.</summary>
    public const string OneTrace =
        "source.StartActivity(\"run\") around the whole question, and its source on the tracer: without one each span is a trace of "
        + "its own";

    /// <summary>How content is turned on.</summary>
    public static string Content(TelemetryWriter writer) =>
        writer switch
        {
            TelemetryWriter.ExtensionsAi => Pipeline + ", in this order (or OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true)",
            TelemetryWriter.AgentFramework => $"{AgentLine}, and on the agent's chat client {Pipeline} "
                + "(or, for both, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true)",
            TelemetryWriter.SemanticKernel => KernelLine,
            TelemetryWriter.AzureAi => AzureLine,
            TelemetryWriter.ProviderSdk => SdkLine,
            _ => AnyContent,
        };

    /// <summary>How the model's calls get spans.</summary>
    public static string Models(TelemetryWriter writer) =>
        writer switch
        {
            TelemetryWriter.SemanticKernel => $".AddSource(\"Microsoft.SemanticKernel*\") on the tracer, and {KernelLine}",
            TelemetryWriter.AzureAi => AzureToolsLine,
            TelemetryWriter.AgentFramework => $"{Pipeline} on the agent's chat client, in this order, and its source on the tracer",
            _ => Order,
        };

    /// <summary>How the tools' calls get spans.</summary>
    public static string Tools(TelemetryWriter writer) =>
        writer switch
        {
            TelemetryWriter.SemanticKernel => ".AddSource(\"Microsoft.SemanticKernel*\") on the tracer",
            TelemetryWriter.AzureAi => AzureToolsLine,
            TelemetryWriter.ProviderSdk => SdkLine,
            _ => Order,
        };
}
