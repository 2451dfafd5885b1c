namespace ReplayHarness.Traces.Dialects;

/// <summary>What a span is in a run.</summary>
internal enum SpanRole
{
    /// <summary>Neither: a wrapper, or not of this dialect.</summary>
    Other,

    /// <summary>A run of an agent, or a part of one.</summary>
    Agent,

    /// <summary>A call of a model.</summary>
    Model,

    /// <summary>A call of a tool.</summary>
    Tool,
}

/// <summary>What a span is among those that are the events of a call.</summary>
internal enum CallEventKind
{
    /// <summary>The call began.</summary>
    Start,

    /// <summary>It went well, or failed.</summary>
    Outcome,

    /// <summary>It is over.</summary>
    Finish,
}

/// <summary>An event of a call.</summary>
/// <param name="Of">What the events of one call have in common, and no other call of another thing.</param>
/// <param name="Kind">Which event it is.</param>
internal readonly record struct CallEvent(string Of, CallEventKind Kind);

/// <summary>
/// How one family of instrumentations writes agents down. A dialect is one small file and one row in <see cref="DialectTable"/>: it says
/// what a span is, and where name, arguments, result and messages stand. Everything else is common to all. What <c>Dialect.Names.cs</c>
/// holds is asked of every dialect, whichever reads the span: a store or an SDK writes such attributes on spans of all kinds.
/// </summary>
internal abstract partial class Dialect
{
    public abstract string Name { get; }

    /// <summary>True for a span that this dialect's instrumentation wrote; the first row that says so reads the span.</summary>
    public abstract bool Recognises(Span span);

    public abstract SpanRole RoleOf(Span span);

    /// <summary>
    /// Whether model spans of this dialect wrap each other, the innermost being the call. Elsewhere the outermost is the call and those
    /// within are seen twice.
    /// </summary>
    public virtual bool InnermostModelIsTheCall => false;

    /// <summary>
    /// Whether a span of a call tells of a part of it only (what it waited for, how it went), and is none without the call's span above it.
    /// </summary>
    public virtual bool IsPartOfCall(Span span) => false;

    /// <summary>Where each event of a call is a span beside the others: which event it is; else null.</summary>
    public virtual CallEvent? EventOf(Span span) => null;

    /// <summary>Whether a tool's span does not name its tool, so that within another one it tells of the same call.</summary>
    public virtual bool IsNameless(Span span) => false;

    public virtual string ToolName(Span span) => span.Attributes.Text("gen_ai.tool.name") ?? NameIn(span.Name);

    public virtual string? CallId(Span span) => span.Attributes.Text("gen_ai.tool.call.id");

    public virtual string? Arguments(Span span) => span.Attributes.Text("gen_ai.tool.call.arguments");

    public virtual string? Result(Span span) => span.Attributes.Text("gen_ai.tool.call.result");

    public virtual string? Model(Span span) => span.Attributes.Text("gen_ai.request.model");

    public virtual string? FinishReason(Span span) =>
        Messages.FirstOf(span.Attributes["gen_ai.response.finish_reasons"])
        ?? Messages.FirstOf(span.Attributes["gen_ai.response.finish_reason"]);

    public virtual IReadOnlyList<Message>? Input(Span span) => null;

    public virtual IReadOnlyList<Message>? Output(Span span) => null;

    /// <summary>The result as it stands on the span, where <see cref="Result"/> is what was decoded from it; else null.</summary>
    public virtual string? ResultAsWritten(Span span) => null;

    /// <summary>Whether the name on a tool's span may be another than the model asks for: it may lack the plugin.</summary>
    public virtual bool LeavesOutPlugins => false;

    /// <summary>Whether the name that the model asks for is the one on a tool's span, where they may differ.</summary>
    public virtual bool IsNameOf(string asked, string written) => ToolNames.AreOne(asked, written);

    /// <summary>A member of an attribute that holds an object, or the text of one; null where there is none.</summary>
    protected static object? Member(Span span, string attribute, string name) =>
        (span.Attributes.Structure(attribute) as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(name);

    /// <summary>The items of an attribute that holds a list, or the text of one; none where there is none.</summary>
    internal static IReadOnlyList<object?> ListOf(Span span, string attribute) =>
        span.Attributes.Structure(attribute) as IReadOnlyList<object?> ?? [];

    // Conventions name a span after its operation and its target.
    private static string NameIn(string spanName)
    {
        foreach (var prefix in (string[])["execute_tool ", "tools/call ", "running tool: ", "tool."])
            if (spanName.StartsWith(prefix, StringComparison.Ordinal))
                return spanName[prefix.Length..];
        return spanName;
    }

    /// <summary>The name of the agent that a span tells of, or null.</summary>
    public virtual string? AgentName(Span span) => span.Attributes.Text("gen_ai.agent.name");

    /// <summary>Whether a span holds what one agent did about one question, so that calls beside it are another's.</summary>
    public virtual bool HoldsOneQuestion(Span span) => false;

    /// <summary>Whose call a call is, where its span says so itself; else null.</summary>
    public virtual string? Caller(Span span) => null;

    /// <summary>
    /// Whether a trace may hold several agents and several questions of one run, so that its agents' spans are no attempts by themselves.
    /// </summary>
    public virtual bool HasSeveralAgents => false;

    /// <summary>True where spans of this dialect say all there is: a trace that holds one is read by them alone.</summary>
    public virtual bool TellsAll => false;

    /// <summary>The number of the attempt that a span belongs to, where the dialect <see cref="TellsAll"/>.</summary>
    public virtual long? Attempt(Span span) => null;

    /// <summary>The call that a call contended with, where that is known for certain.</summary>
    public virtual string? ContendedWith(Span span) => null;

    /// <summary>Whether a call was left in flight when its run ended, and never answered.</summary>
    public virtual bool IsAbandoned(Span span) => false;

    /// <summary>What nobody caught after the run of this root had ended; null where nothing is known of that.</summary>
    public virtual CallError? LateCrash(Span root) => null;

    /// <summary>Why the run stopped, on the span of a run.</summary>
    public virtual string? StopReason(Span span) => span.Attributes.Text("stop_reason");
}
