using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Diagnosis.Readiness;

/// <summary>What an application's telemetry leaves out of a run.</summary>
/// <param name="Missing">What is missing.</param>
/// <param name="Remedy">The line that turns it on.</param>
internal sealed record TelemetryGap(string Missing, string Remedy)
{
    /// <summary>The gaps of a run; none where it tells what a replay needs, or where nobody knows what would.</summary>
    public static IEnumerable<TelemetryGap> Of(AgentRun run)
    {
        ModelCall[] models = [.. run.ModelCalls.Where(m => !ContentText.IsEmbedding(m))];
        ToolCall[] tools = [.. run.ToolCalls];
        var writer = TelemetryWriters.Of(run);
        if (Covered(run) is { } covered)
        {
            yield return covered;
            yield break;
        }
        var (silentModels, silentTools) = (models.Count(IsSilent), tools.Count(IsSilent));
        var isEmpty = silentModels == models.Length && silentTools == tools.Length;
        if (silentModels + silentTools > 0 && (isEmpty || writer != TelemetryWriter.Other))
            yield return new(
                $"the content of {silentModels} of {models.Length} model calls and {silentTools} of {tools.Length} tool calls: "
                    + $"questions, answers, arguments and results{(isEmpty ? "; a replay has none of them" : "")}",
                TelemetryRemedies.Content(writer)
            );
        if (writer == TelemetryWriter.Other)
            yield break;
        if (writer == TelemetryWriter.SemanticKernel && run.Spans.Count == 1)
        {
            yield return new("the other spans of the run", TelemetryRemedies.OneTrace);
            yield break;
        }
        if (models.Length == 0)
            yield return new("the calls of the model: no span tells of one", TelemetryRemedies.Models(writer));
        if (Asked(models) is > 0 and var asked && tools.Length == 0)
            yield return new($"the calls of tools: the model asked for {asked}, and no span tells of one", TelemetryRemedies.Tools(writer));
    }

    /// <summary>The gap of a run in which a span of the model's call covers the tools' calls; null where none does.</summary>
    public static TelemetryGap? Covered(AgentRun run) =>
        run.ModelCalls.Any(m => m.CoversTools)
            ? new(
                "the calls of tools: telemetry stands around the invocation of functions, so that one span covers the model's calls and "
                    + "the tools', and nobody can tell which of them failed",
                TelemetryRemedies.Order
            )
            : null;

    private static bool IsSilent(ModelCall call) => call.Input is null && call.Output is null;

    private static bool IsSilent(ToolCall call) => call.Arguments is null && call.Result is null;

    private static int Asked(ModelCall[] models) =>
        models.Sum(m => m.Output?.Sum(o => o.Parts.Count(p => p is ToolCallPart)) ?? (m.FinishReason == "tool_calls" ? 1 : 0));
}
