using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Server.Recording;

/// <summary>The calls that a recording shows: of models and of MCP tools.</summary>
internal sealed class RecordedCalls
{
    private readonly Dictionary<string, IReadOnlyList<ChatMessage>> _answered = new(StringComparer.Ordinal);
    private int _attempt,
        _turn;
    private byte[]? _failed;

    private RecordedCalls() { }

    /// <summary>All calls, in order of time.</summary>
    public List<BoundaryCall> All { get; } = [];

    /// <summary>What the models asked for, by tool and canonical arguments.</summary>
    public HashSet<(string Tool, string Arguments)> Requested { get; } = [];

    public static RecordedCalls Of(IEnumerable<Exchange> exchanges)
    {
        var calls = new RecordedCalls();
        foreach (var exchange in exchanges)
        {
            if (WireFormats.Of(exchange.Method, exchange.Path.Split('?')[0]) is { } format)
                calls.AddModel(format, exchange);
            else if (exchange.Path == "/mcp")
                calls.AddMcp(exchange);
        }
        return calls;
    }

    private void AddModel(WireFormat format, Exchange exchange)
    {
        WireRequest asked;
        try
        {
            asked = format.Read(exchange.Request, exchange.Path);
        }
        catch (WireException)
        {
            // The provider has said so, and the agent knows.
            return;
        }
        IReadOnlyList<ChatMessage> messages =
            asked.Continues is { } id && _answered.TryGetValue(id, out var before) ? [.. before, .. asked.Messages] : asked.Messages;
        // A request that is sent again because it failed belongs to the same attempt.
        var again = _failed is not null && _failed.AsSpan().SequenceEqual(exchange.Request);
        if (!again && !messages.Any(m => m.Role == ChatRole.Assistant))
            (_attempt, _turn) = (_attempt + 1, 0);
        var (turn, answerId, more) = RecordedModelCall.Read(format, asked, exchange);
        _failed = turn.Error is null ? null : exchange.Request;
        if (turn.Error is null)
            _turn++;
        var call = new BoundaryCall
        {
            Kind = BoundaryKind.Model,
            Name = asked.Model.Length == 0 ? "model" : asked.Model,
            Attempt = Math.Max(1, _attempt),
            Turn = _turn,
            StartTicks = exchange.StartTicks,
            Input = messages,
            ModelCallsBefore = static () => 0,
            More = more,
        };
        if (turn.Text is not null || turn.Calls.Count > 0)
            call.Output = Conversation.Respond(turn);
        if (turn.Error is { } error)
            call.Fail(exchange.EndTicks, new CallError(error.Type, error.Message));
        else
            call.Succeed(exchange.EndTicks, null);
        foreach (var requested in turn.Calls)
            Requested.Add(FixtureIndex.Key(requested.Tool, requested.Arguments));
        if (answerId is not null && call.Output is { } output)
            _answered[answerId] = [.. messages, .. output.Messages];
        All.Add(call);
    }

    private void AddMcp(Exchange exchange)
    {
        if (
            Parse(Encoding.UTF8.GetString(exchange.Request)) is not { } request
            || Text(request, "method") != "tools/call"
            || !request.TryGetProperty("params", out var parameters)
            || Text(parameters, "name") is not { } tool
        )
            return;
        var arguments = Json.Canonical(parameters.TryGetProperty("arguments", out var given) ? given.GetRawText() : "{}");
        var call = new BoundaryCall
        {
            Kind = BoundaryKind.Tool,
            Name = tool,
            Arguments = arguments,
            CallId = null,
            Attempt = Math.Max(1, _attempt),
            Turn = _turn,
            StartTicks = exchange.StartTicks,
            ModelCallsBefore = static () => 0,
        };
        var (text, error) = ResultOf(exchange);
        if (error is null)
            call.Succeed(exchange.EndTicks, text);
        else
            call.Fail(exchange.EndTicks, error);
        All.Add(call);
    }

    private static (string? Text, CallError? Error) ResultOf(Exchange exchange)
    {
        if (exchange.End == ExchangeEnd.Pending)
            return (null, new("TimeoutError", "it had not returned when the recording ended"));
        if (exchange.End == ExchangeEnd.GivenUp)
            return (null, new("TimeoutError", "the agent gave up"));
        if (exchange.End != ExchangeEnd.Complete)
            return (null, new("ConnectionError", exchange.Error ?? "the connection broke"));
        var body = Encoding.UTF8.GetString(exchange.Body);
        // An answer may come as the one event of a stream.
        if (exchange.Streams)
            body = body.Split('\n').LastOrDefault(l => l.StartsWith("data:", StringComparison.Ordinal))?[5..] ?? "";
        if (Parse(body) is not { } answer)
            return (null, new("McpError", $"{exchange.Status}: no answer of MCP"));
        if (answer.TryGetProperty("error", out var refused))
            return (null, new("McpError", Text(refused, "message") ?? "refused"));
        var result = answer.TryGetProperty("result", out var told) ? told : default;
        var text =
            result.ValueKind == JsonValueKind.Object
            && result.TryGetProperty("content", out var content)
            && content.ValueKind == JsonValueKind.Array
                ? string.Concat(content.EnumerateArray().Select(c => Text(c, "text")))
                : "";
        return
            result.ValueKind == JsonValueKind.Object
            && result.TryGetProperty("isError", out var failed)
            && failed.ValueKind == JsonValueKind.True
            ? (null, new("ToolError", text))
            : (text, null);
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } map ? map : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
