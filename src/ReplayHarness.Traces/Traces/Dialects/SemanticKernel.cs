namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Semantic Kernel: gen_ai, with each message as JSON in an event. It writes no call ids on the spans of functions, and their names
/// without the plugin; what an agent is asked and answers stands on its span.
/// </summary>
internal sealed class SemanticKernel : GenAi
{
    /// <summary>How the scopes of its spans begin.</summary>
    public const string Scopes = "Microsoft.SemanticKernel";

    // What its metrics and its filters call the plugin, should it stand on a span.
    private static readonly string[] s_plugins = ["semantic_kernel.plugin.name", "semantic_kernel.function.plugin_name", "plugin.name"];

    public override string Name => "semantic-kernel";

    public override IReadOnlyList<string> Prefixes => ["semantic_kernel."];

    public override bool LeavesOutPlugins => true;

    public override bool HasSeveralAgents => true;

    public override bool Recognises(Span span) => span.Scope.StartsWith(Scopes, StringComparison.Ordinal) && base.Recognises(span);

    public override bool HoldsOneQuestion(Span span) => RoleOf(span) == SpanRole.Agent;

    public override string ToolName(Span span)
    {
        var name = base.ToolName(span);
        var plugin = s_plugins.Select(span.Attributes.Text).FirstOrDefault(p => p is { Length: > 0 });
        return plugin is null || name.StartsWith(plugin, StringComparison.Ordinal) ? name : ToolNames.Qualified(plugin, name);
    }

    public override string? Arguments(Span span) => Indented.Compact(base.Arguments(span));
}
