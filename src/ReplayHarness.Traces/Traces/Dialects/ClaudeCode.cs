using System.Text.RegularExpressions;

namespace ReplayHarness.Traces.Dialects;

/// <summary>
/// Claude Code's own spans, which the Agent SDK writes too: <c>claude_code.interaction</c>, <c>claude_code.llm_request</c> and
/// <c>claude_code.tool</c>. What a tool's call ended with stands on spans within it. Content is off unless it was asked for, and a request
/// holds only what it adds to the one before.
/// </summary>
internal sealed partial class ClaudeCode : Dialect
{
    private const string Own = "claude_code.";
    private const string Request = "claude_code.llm_request";
    private const string Waiting = "claude_code.tool.blocked_on_user";

    /// <summary>What stands where content was not recorded.</summary>
    private const string Redacted = "<REDACTED>";

    public override string Name => "claude-code";

    public override IReadOnlyList<string> Prefixes => [Own, "com.anthropic.claude_code"];

    public override string? Marks => "spans claude_code.llm_request or claude_code.tool";

    public override IReadOnlyList<string> NotOfTheTask => ["span.type", "terminal.type", "interaction.", "user_prompt_length"];

    public override IReadOnlyList<string> InputTokens => ["input_tokens"];

    public override IReadOnlyList<string> OutputTokens => ["output_tokens"];

    public override bool Recognises(Span span) => span.Name.StartsWith(Own, StringComparison.Ordinal);

    public override SpanRole RoleOf(Span span) =>
        span.Name switch
        {
            "claude_code.interaction" => SpanRole.Agent,
            Request => SpanRole.Model,
            "claude_code.tool" or "claude_code.tool.execution" or Waiting => SpanRole.Tool,
            _ => SpanRole.Other,
        };

    public override bool IsPartOfCall(Span span) => span.Name.StartsWith("claude_code.tool.", StringComparison.Ordinal);

    // Its agents, and those that they start, run side by side.
    public override string? Caller(Span span) => span.Attributes.Text("agent_id") ?? "main";

    // A span of a failed tool says nothing; the one within it does. A call that nobody permitted has no other.
    public override bool MarksFailure(Span span) =>
        Recognises(span)
        && (span.Attributes.Text("success") == "false" || (span.Name == Waiting && span.Attributes.Text("decision") == "reject"));

    public override string? ErrorMessage(Span span)
    {
        if (!Recognises(span))
            return null;
        if (span.Name == Waiting)
            return $"the call was not permitted: {span.Attributes.Text("source") ?? "nobody"} said {span.Attributes.Text("decision")}";
        var (error, status) = (span.Attributes.Text("error"), span.Attributes.Text("status_code"));
        return status is null || error?.Contains(status, StringComparison.Ordinal) == true ? error : $"{status} {error}".TrimEnd();
    }

    public override string ToolName(Span span) => span.Attributes.Text("tool_name") ?? span.Name;

    public override string? CallId(Span span) => base.CallId(span) ?? span.Attributes.Text("tool_use_id");

    // Only a command is all that its tool takes; a path is not.
    public override string? Arguments(Span span) =>
        span.Attributes.Text("tool_input") is { } written ? WithoutTag(written)
        : (span.Attributes.Text("full_command") ?? Content(span, "bash_command")) is { } command && command != Redacted
            ? Json.Write(new Dictionary<string, object?> { ["command"] = command })
        : null;

    // What is called content is what a file holds for the one tool, and what it shall hold for the others.
    public override string? Result(Span span) =>
        Content(span, "output") ?? (span.Attributes.Text("tool_name") == "Read" ? Content(span, "content") : null);

    public override string? Model(Span span) => base.Model(span) ?? span.Attributes.Text("model");

    public override string? FinishReason(Span span) => span.Attributes.Text("stop_reason") ?? base.FinishReason(span);

    public override string? StopReason(Span span) => null;

    public override IReadOnlyList<Message>? Input(Span span)
    {
        if (span.Attributes.Text("new_context") is not { Length: > 0 } added)
            return null;
        var parts = Section().Split(added).Select(MessageOf);
        return span.Attributes.Text("user_system_prompt") is { Length: > 0 } system
            ? [new Message("system", [new TextPart(system)]), .. parts]
            : [.. parts];
    }

    public override IReadOnlyList<Message>? Output(Span span) =>
        span.Attributes.Text("response.model_output") is { Length: > 0 } text ? [new("assistant", [new TextPart(text)])] : null;

    private static Message MessageOf(string section) =>
        Tag().Match(section) is { Success: true } tag && tag.Groups[1].Value.StartsWith("TOOL RESULT: ", StringComparison.Ordinal)
            ? new("tool", [new ToolResultPart(tag.Groups[1].Value["TOOL RESULT: ".Length..], WithoutTag(section))])
            : new("user", [new TextPart(WithoutTag(section))]);

    private static string WithoutTag(string text) => Tag().Replace(text, "", 1);

    private static string? Content(Span span, string name) => GenAiContent.Event(span, "tool.output")?.Text(name);

    [GeneratedRegex(@"\A\[((?:USER|TOOL)[A-Z ]*(?:: [^\]\n]*)?)\]\n")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\n\n---\n\n(?=\[(?:USER|TOOL)[A-Z ]*(?:: [^\]\n]*)?\]\n)")]
    private static partial Regex Section();
}
