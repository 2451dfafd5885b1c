namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Logfire's instrumentation of OpenAI's Agents SDK: span names are message templates (<c>Agent run: {name!r}</c>, <c>Responses API with
/// …</c>, <c>Function: {name}</c>).
/// </summary>
internal sealed class LogfireOpenAiAgents : GenAi
{
    /// <summary>The attribute of Logfire's SDK that holds a span's level, as OpenTelemetry numbers them.</summary>
    public const string LevelName = "logfire.level_num";

    /// <summary>The attribute of Logfire's SDK that holds a span's name with its arguments filled in.</summary>
    public const string MessageName = "logfire.msg";

    private const long ErrorLevel = 17;

    private static readonly (string Prefix, SpanRole Role)[] s_names =
    [
        ("OpenAI Agents trace", SpanRole.Agent),
        ("Agent run: ", SpanRole.Agent),
        ("Responses API", SpanRole.Model),
        ("Chat completion with ", SpanRole.Model),
        ("Function: ", SpanRole.Tool),
    ];

    public override string Name => "logfire-openai-agents";

    public override string? Marks => "spans Responses API with … or Function: …";

    public override IReadOnlyList<string> Prefixes => ["logfire."];

    public override IReadOnlyList<string> NotOfTheTask => ["logfire."];

    public override IReadOnlyList<string> Sessions => ["group_id"];

    public override bool MarksFailure(Span span) => span.Attributes.Number(LevelName) >= ErrorLevel;

    public override string? ErrorMessage(Span span) => Member(span, "error", "message") as string;

    public override string? ErrorType(Span span) => Member(span, "error", "type") as string;

    public override string? DisplayName(Span span) => span.Attributes.Text(MessageName);

    public override bool IsLogLine(Span span) => span.Attributes.Text("logfire.span_type") == "log";

    public override bool Recognises(Span span) =>
        Template(span) is { } name
        && s_names.Any(n => name.StartsWith(n.Prefix, StringComparison.Ordinal))
        && (span.Attributes.Has("logfire.msg_template") || span.Scope.StartsWith("logfire", StringComparison.Ordinal));

    public override SpanRole RoleOf(Span span) => s_names.First(n => Template(span)!.StartsWith(n.Prefix, StringComparison.Ordinal)).Role;

    public override string ToolName(Span span) => span.Attributes.Text("name") ?? base.ToolName(span);

    public override string? Arguments(Span span) => span.Attributes.Text("input") ?? base.Arguments(span);

    public override string? Result(Span span) => span.Attributes.Text("output") ?? base.Result(span);

    public override string? Model(Span span) => base.Model(span) ?? span.Attributes.Text("gen_ai.response.model");

    private static string? Template(Span span) => span.Attributes.Text("logfire.msg_template") ?? span.Name;
}
