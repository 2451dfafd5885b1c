using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Documents;

/// <summary>What <c>io --json</c> prints.</summary>
internal sealed record IoDocument(string TraceId, IReadOnlyList<IoModelCall> ModelCalls, IReadOnlyList<IoToolCall> ToolCalls);

/// <summary>A call of the model.</summary>
internal sealed record IoModelCall(
    string SpanId,
    string? Model,
    double Seconds,
    int Attempts,
    string? FinishReason,
    IReadOnlyList<IoMessage>? Input,
    IReadOnlyList<IoMessage>? Output,
    IoError? Error
)
{
    public static IoModelCall Of(ModelCall call) =>
        new(
            call.Span.SpanId,
            call.Model,
            call.Span.Duration.TotalSeconds,
            call.Attempts.Count,
            call.FinishReason,
            call.Input?.Select(IoMessage.Of).ToArray(),
            call.Output?.Select(IoMessage.Of).ToArray(),
            IoError.Of(call.Error)
        );
}

/// <summary>A call of a tool.</summary>
internal sealed record IoToolCall(
    string SpanId,
    string Name,
    string? CallId,
    double Seconds,
    string? Arguments,
    string? Result,
    IoError? Error
)
{
    public static IoToolCall Of(ToolCall call) =>
        new(call.Span.SpanId, call.Name, call.CallId, call.Span.Duration.TotalSeconds, call.Arguments, call.Result, IoError.Of(call.Error));
}

/// <summary>A message to the model or from it.</summary>
internal sealed record IoMessage(string Role, string Text)
{
    public static IoMessage Of(Message message) => new(message.Role, TextOf(message));

    /// <summary>A message in one line of text, calls and results in brackets.</summary>
    public static string TextOf(Message message) =>
        string.Join(
            " ",
            message.Parts.Select(p =>
                p switch
                {
                    TextPart text => text.Content,
                    ToolCallPart call => $"[call {call.CallId} {call.Name} {call.Arguments}]",
                    ToolResultPart result => $"[result {result.CallId} {result.Result}]",
                    _ => "",
                }
            )
        );
}

/// <summary>How a call failed.</summary>
internal sealed record IoError(string Type, string? Message)
{
    public static IoError? Of(CallError? error) => error is null ? null : new(error.Type, error.Message);
}
