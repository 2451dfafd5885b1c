using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Server.Recording;

/// <summary>Reads what a model was asked and what it said from an exchange in its provider's format.</summary>
internal static class RecordedModelCall
{
    /// <summary>What the exchange says of the answer, and what its span is to say beyond the conventions.</summary>
    public static (RecordedTurn Turn, string? Id, IReadOnlyList<KeyValuePair<string, object?>> More) Read(
        WireFormat format,
        WireRequest request,
        Exchange exchange
    )
    {
        var seconds = (exchange.EndTicks - exchange.StartTicks) / (double)TimeSpan.TicksPerSecond;
        var (said, events, broken, error) = Said(format, request, exchange);
        var turn = new RecordedTurn
        {
            LatencySeconds = seconds,
            Text = said?.Text,
            Calls = said is null ? [] : UnnamedCalls.Named(said.Calls, request.Messages),
            FinishReason = said?.FinishReason,
            Error = error is null ? null : new(error.Type, "", "", error.Message),
            Usage = said?.Usage,
        };
        object?[] times =
        [
            .. events.Select(e => (object?)Math.Round((e.Ticks - exchange.StartTicks) / (double)TimeSpan.TicksPerSecond, 4)),
        ];
        List<KeyValuePair<string, object?>> more =
        [
            new("gen_ai.usage.input_tokens", said?.Usage?.InputTokens),
            new("gen_ai.usage.output_tokens", said?.Usage?.OutputTokens),
            new("gen_ai.tool.definitions", request.Tools.Count == 0 ? null : request.Tools.Select(Definition).ToArray()),
            new(WireAttributes.StreamSecondsName, times.Length == 0 ? null : times),
            new(WireAttributes.BrokenName, broken?.ToString().ToLowerInvariant()),
        ];
        return (turn, said?.Id, more);
    }

    private static (WireSaid? Said, IReadOnlyList<(JsonElement Data, long Ticks)> Events, BrokenAnswer? Broken, CallError? Error) Said(
        WireFormat format,
        WireRequest request,
        Exchange exchange
    )
    {
        IReadOnlyList<(JsonElement Data, long Ticks)> events = [];
        if (exchange.End == ExchangeEnd.NoResponse)
            return (null, events, null, new("APIConnectionError", $"Connection error: {exchange.Error}"));
        if (exchange is { End: ExchangeEnd.GivenUp, Status: 0 })
            return (null, events, null, new("APITimeoutError", "Request timed out: the agent gave up"));
        if (exchange is { End: ExchangeEnd.Pending, Status: 0 })
            return (null, events, null, new("APITimeoutError", "Request timed out: no answer when the recording ended"));
        if (exchange.Status >= 400)
            return (null, events, null, new("APIStatusError", $"{exchange.Status} {MessageOf(exchange.Body)}"));
        var broken = exchange.End switch
        {
            ExchangeEnd.Cut => BrokenAnswer.Cut,
            ExchangeEnd.GivenUp or ExchangeEnd.Pending => BrokenAnswer.Stall,
            _ => (BrokenAnswer?)null,
        };
        var error = broken switch
        {
            BrokenAnswer.Cut => new CallError("APIConnectionError", "Connection error: the answer broke off"),
            BrokenAnswer.Stall => new("APITimeoutError", $"Request timed out: {Stalled(exchange)}"),
            _ => null,
        };
        try
        {
            if (format.IsStream(request, exchange.ContentType))
            {
                events = format.Events(exchange.Pieces);
                return (format.Said(JsonElement.Parse(format.Folded(events.Select(e => e.Data)).ToJsonString())), events, broken, error);
            }
            using var document = JsonDocument.Parse(exchange.Body);
            return (format.Said(document.RootElement.Clone()), events, broken, error);
        }
        catch (Exception e) when (e is JsonException or WireException or InvalidOperationException)
        {
            return (
                null,
                events,
                broken ?? BrokenAnswer.Malformed,
                error ?? new("UnexpectedModelResponse", $"the model's answer is none of {format.Name}: {e.Message.TrimEnd('.')}")
            );
        }
    }

    private static string Stalled(Exchange exchange) =>
        exchange.End == ExchangeEnd.Pending
            ? "the answer had not ended when the recording did"
            : "the agent gave up in the middle of the answer";

    private static string MessageOf(byte[] answer)
    {
        const int MostKept = 500;
        var text = Encoding.UTF8.GetString(answer);
        // A stream that is an array is refused in an array.
        var body = Json.TryParse(text) is IReadOnlyList<object?> and [var only] ? only : Json.TryParse(text);
        var map = body as IReadOnlyDictionary<string, object?>;
        var told = map?.GetValueOrDefault("error") ?? map?.GetValueOrDefault("message");
        var message = told is IReadOnlyDictionary<string, object?> error ? error.GetValueOrDefault("message") as string : told as string;
        return message ?? (text.Length <= MostKept ? text : text[..MostKept]);
    }

    private static object? Definition(RecordedTool tool) =>
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = "function",
            ["name"] = tool.Name,
            ["description"] = tool.Description,
            ["parameters"] = Json.Value(tool.Schema),
        };
}
