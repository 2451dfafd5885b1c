using Microsoft.Extensions.AI;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The attributes of a boundary's span, after the gen_ai semantic conventions.</summary>
internal static class CallAttributes
{
    public static AttributeSet Of(BoundaryCall call)
    {
        List<KeyValuePair<string, object?>> items = [new(Harness.AttemptName, (long)call.Attempt)];
        if (call.Kind == BoundaryKind.Model)
            AddModel(items, call);
        if (call.Kind == BoundaryKind.Tool)
            AddTool(items, call);
        if (call.Kind == BoundaryKind.Http)
            items.Add(new("http.response.status_code", call.Result));
        items.Add(new(Harness.CallerName, call.Caller));
        items.Add(new(Harness.ErrorClassName, call.Error?.Class));
        return new([.. items.Concat(call.More).Where(i => i.Value is not null)]);
    }

    private static void AddModel(List<KeyValuePair<string, object?>> items, BoundaryCall call)
    {
        items.Add(new("gen_ai.operation.name", "chat"));
        items.Add(new("gen_ai.request.model", call.Name));
        items.Add(new("gen_ai.input.messages", Messages(call.Input!)));
        if (call.Output is not { } output)
            return;
        items.Add(new("gen_ai.output.messages", Messages(output.Messages.Select(Told))));
        items.Add(new("gen_ai.response.finish_reasons", new object?[] { output.FinishReason?.Value }));
    }

    // A message that holds nothing is an empty text, not one that was not recorded.
    private static ChatMessage Told(ChatMessage message) => message.Contents.Count > 0 ? message : new(message.Role, "");

    private static void AddTool(List<KeyValuePair<string, object?>> items, BoundaryCall call)
    {
        items.Add(new("gen_ai.operation.name", "execute_tool"));
        items.Add(new("gen_ai.tool.name", call.Name));
        items.Add(new("gen_ai.tool.call.id", call.CallId));
        items.Add(new("gen_ai.tool.call.arguments", call.Arguments));
        items.Add(new("gen_ai.tool.call.result", call.Result));
        items.Add(new(Harness.ContendedWithName, call.ContendedWith));
        items.Add(new(Harness.RequestsName, call.Requests.Count == 0 ? null : call.Requests.ToArray<object?>()));
    }

    private static object?[] Messages(IEnumerable<ChatMessage> messages) =>
        [.. messages.Select(m => Map(("role", m.Role.Value), ("parts", m.Contents.Select(Part).ToArray())))];

    private static object? Part(AIContent content) =>
        content switch
        {
            TextContent text => Map(("type", "text"), ("content", text.Text)),
            FunctionCallContent call => Map(
                ("type", "tool_call"),
                ("id", call.CallId),
                ("name", call.Name),
                ("arguments", ArgumentsOf(call))
            ),
            FunctionResultContent result => Map(
                ("type", "tool_call_response"),
                ("id", result.CallId),
                ("response", ToolBoundary.ToText(result.Result)),
                ("is_error", result.AdditionalProperties?.ContainsKey(WireFormat.IsErrorName) == true ? true : null)
            ),
            _ => Map(("type", "generic"), ("content", content.GetType().Name)),
        };

    private static Dictionary<string, object?> ArgumentsOf(FunctionCallContent call) =>
        call.Arguments?.ToDictionary(
            a => a.Key,
            a => a.Value is System.Text.Json.JsonElement element ? Json.Value(element) : a.Value,
            StringComparer.Ordinal
        )
        ?? [];

    private static Dictionary<string, object?> Map(params (string Name, object? Value)[] members) =>
        members.ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
}
