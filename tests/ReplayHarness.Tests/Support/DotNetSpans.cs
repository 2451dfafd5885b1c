using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Support;

/// <summary>Spans as .NET's frameworks write them: JSON is indented, and the resource says what wrote them.</summary>
internal sealed class DotNetSpans
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly AttributeSet s_resource = new(
        new KeyValuePair<string, object?>("service.name", "shop"),
        new KeyValuePair<string, object?>("telemetry.sdk.language", "dotnet")
    );

    private readonly Spans _spans = new();

    /// <summary>The source of spans that name none.</summary>
    public string Scope { get; init; } = "Shop";

    /// <summary>Whether content is recorded.</summary>
    public bool HasContent { get; init; } = true;

    public Spans All => _spans;

    public string Add(string? parent, string name, params (string Name, object? Value)[] attributes) =>
        Add(Scope, parent, name, attributes);

    public string Add(string scope, string? parent, string name, (string Name, object? Value)[] attributes) =>
        _spans.Change(
            _spans.Add(parent, name, [.. attributes.Where(a => a.Value is not null)]),
            s => s with { Scope = scope, Resource = s_resource }
        );

    public string Job() => Add("Jobs", null, "job.run", [("job_id", "j-1")]);

    public string Loop(string? parent) => Add(parent, "orchestrate_tools");

    public string Agent(string parent, string name, string question) =>
        Add(
            parent,
            $"invoke_agent {name}(8d1f)",
            ("gen_ai.operation.name", "invoke_agent"),
            ("gen_ai.agent.id", $"{name}-{Guid.CreateVersion7():N}"),
            ("gen_ai.agent.name", name),
            ("gen_ai.input.messages", Content(new[] { User(question) }))
        );

    /// <summary>A call of the model; what it is asked and answers are messages of the conventions.</summary>
    public string Chat(string? parent, object[] input, object[]? output = null, string? finish = null, string[]? tools = null) =>
        Add(
            parent,
            "chat m",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.provider.name", "openai"),
            ("gen_ai.tool.definitions", tools is null ? null : Indented(tools.Select(name => new { type = "function", name }))),
            ("gen_ai.input.messages", Content(input)),
            ("gen_ai.output.messages", output is null ? null : Content(output)),
            ("gen_ai.response.finish_reasons", finish is null ? null : $"[\"{finish}\"]")
        );

    /// <summary>A call of a tool that returned a value of .NET.</summary>
    public string Tool(string parent, string name, string callId, object arguments, object? returned) =>
        Add(
            parent,
            $"execute_tool {name}",
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.type", "function"),
            ("gen_ai.tool.name", name),
            ("gen_ai.tool.call.id", callId),
            ("gen_ai.tool.call.arguments", Content(arguments)),
            ("gen_ai.tool.call.result", Content(returned))
        );

    /// <summary>Lets a span fail as .NET's frameworks say it: no event, a status and the type's full name.</summary>
    public string Fail(string id, string type, string message) =>
        _spans.Change(
            id,
            s =>
                s with
                {
                    Status = SpanStatus.Error,
                    StatusMessage = message,
                    Attributes = new([.. s.Attributes, KeyValuePair.Create("error.type", (object?)type)]),
                }
        );

    /// <summary>Moves a span in time: seconds from the beginning.</summary>
    public string At(string id, double start, double end)
    {
        const long Epoch = 1_790_000_000_000_000_000;
        return _spans.Change(id, s => s with { StartNanos = Epoch + (long)(start * 1e9), EndNanos = Epoch + (long)(end * 1e9) });
    }

    public IReadOnlyList<AgentRun> Runs() => AgentRuns.Read(_spans.Build());

    public static object User(string text) => new { role = "user", parts = new[] { new { type = "text", content = text } } };

    public static object Says(string text) => new { role = "assistant", parts = new[] { new { type = "text", content = text } } };

    public static object Asks(params (string Id, string Name, object Arguments)[] calls) =>
        new
        {
            role = "assistant",
            parts = calls.Select(c => new
            {
                type = "tool_call",
                id = c.Id,
                name = c.Name,
                arguments = c.Arguments,
            }),
        };

    public static object Told(params (string Id, object? Response)[] told) =>
        new
        {
            role = "tool",
            parts = told.Select(t => new
            {
                type = "tool_call_response",
                id = t.Id,
                response = t.Response,
            }),
        };

    private object? Content(object? value) => HasContent ? Indented(value) : null;

    private static string Indented(object? value) => JsonSerializer.Serialize(value, s_indented);
}
