namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Azure's own clients (Azure.AI.Inference, Azure.AI.Agents.Persistent, Azure.AI.Projects): gen_ai, with each message as JSON in an event.
/// An agent of the service runs there: its client's spans hold no call of a model, and what they do is no run.
/// </summary>
internal sealed class AzureAi : GenAi
{
    public override string Name => "azure-ai";

    public override bool Recognises(Span span) =>
        base.Recognises(span)
        && (
            span.Scope.StartsWith("Azure.AI.", StringComparison.Ordinal)
            || (span.Attributes.Text("gen_ai.system") ?? span.Attributes.Text("gen_ai.provider.name"))?.StartsWith(
                "az.ai.",
                StringComparison.Ordinal
            ) == true
        );
}
