using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>
/// One run of an agent, read from a trace through a dialect: what the model was asked and answered, which tools were called, and how it
/// ended. A trace may hold several runs (attempts); spans outside the run (lifecycle, retries of a task, unrelated requests) are not part
/// of it.
/// </summary>
public sealed record AgentRun
{
    /// <summary>The trace the run was read from.</summary>
    public required Trace Trace { get; init; }

    /// <summary>
    /// How many traces were put together to this run and what joined them (<c>22 traces by session.id=s-1</c>), or null for a run of one
    /// trace.
    /// </summary>
    public string? Stitched { get; init; }

    /// <summary>The ids of the traces that the run's spans came in, in order of time.</summary>
    public IEnumerable<string> TraceIds => Trace.Spans.Select(s => s.TraceId).Distinct(StringComparer.Ordinal);

    /// <summary>The span that stands for the whole run, or null where it was never exported.</summary>
    public Span? Root { get; init; }

    /// <summary>
    /// The spans of the run: the root, its descendants, and (where the root is missing) the topmost spans of the run and their descendants.
    /// </summary>
    public required IReadOnlyList<Span> Spans { get; init; }

    /// <summary>The name of the dialect that read it, for example <c>gen_ai</c>.</summary>
    public required string Dialect { get; init; }

    /// <summary>The turns in order of time. Tools that ran before any model call form a first turn without a model call.</summary>
    public required IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>True where the run ended with an error of its own.</summary>
    public bool Failed { get; init; }

    /// <summary>The error the run ended with, or null.</summary>
    public CallError? Error { get; init; }

    /// <summary>Why the run stopped, where it was recorded (for example <c>max_steps</c>), or null.</summary>
    public string? StopReason { get; init; }

    /// <summary>What nobody caught after the run had ended; null where nothing is known of that.</summary>
    internal CallError? LateCrash { get; init; }

    /// <summary>The number of the attempt, from 1, where it was recorded.</summary>
    public int? Attempt { get; init; }

    /// <summary>Model calls in order; retries of one call by the client are folded into one.</summary>
    public IEnumerable<ModelCall> ModelCalls => Turns.Where(t => t.Model is not null).Select(t => t.Model!);

    /// <summary>Tool calls in order of time.</summary>
    public IEnumerable<ToolCall> ToolCalls => Turns.SelectMany(t => t.Calls);
}

/// <summary>One model response and the tool calls it dispatched. The calls of one turn are siblings.</summary>
/// <param name="Model">The model call, or null where it was not recorded.</param>
/// <param name="Calls">The tool calls in order of start, then of end.</param>
public sealed record Turn(ModelCall? Model, IReadOnlyList<ToolCall> Calls)
{
    /// <summary>The time between the first and the last start of the turn's calls; null where there are fewer than two.</summary>
    public TimeSpan? StartSkew =>
        Calls.Count < 2 ? null : TimeSpan.FromTicks((Calls.Max(c => c.Span.StartNanos) - Calls.Min(c => c.Span.StartNanos)) / 100);
}

/// <summary>One logical call of a model.</summary>
/// <param name="Span">The span of its last attempt.</param>
/// <param name="Attempts">The spans of all its attempts in order; more than one where the client retried.</param>
public sealed record ModelCall(Span Span, IReadOnlyList<Span> Attempts)
{
    /// <summary>The name of the agent that asked, as its span says it, or null.</summary>
    public string? Agent { get; init; }

    /// <summary>
    /// Whose call it is, where several agents or several questions make one run: the same text for all calls of one agent's one question;
    /// null where nothing tells them apart.
    /// </summary>
    internal string? Caller { get; init; }

    /// <summary>Whether its span covers calls of tools, so that what failed in it may be one of them.</summary>
    internal bool CoversTools { get; init; }

    /// <summary>The model's name as requested, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The finish reason, folded to <c>stop</c>, <c>tool_calls</c>, <c>length</c>, … or null.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The messages of the request, or null where content was not recorded.</summary>
    public IReadOnlyList<Message>? Input { get; init; }

    /// <summary>The messages of the response, or null where content was not recorded.</summary>
    public IReadOnlyList<Message>? Output { get; init; }

    /// <summary>The error the call ended with after its last attempt, or null.</summary>
    public CallError? Error { get; init; }

    /// <summary>The tokens of the request, or null where they were not recorded.</summary>
    public long? InputTokens => Number(DialectNames.InputTokens);

    /// <summary>The tokens of the answer, or null where they were not recorded.</summary>
    public long? OutputTokens => Number(DialectNames.OutputTokens);

    private long? Number(IReadOnlyList<string> names) =>
        names.Select(name => Span.Attributes.Number(name)).FirstOrDefault(n => n is not null);
}

/// <summary>One call of a tool.</summary>
/// <param name="Span">The span of the call.</param>
/// <param name="Name">The tool's name.</param>
public sealed record ToolCall(Span Span, string Name)
{
    /// <summary>The id the model gave the call, or null.</summary>
    public string? CallId { get; init; }

    /// <summary>The arguments as recorded, JSON text, or null where content was not recorded.</summary>
    public string? Arguments { get; init; }

    /// <summary>The result as recorded (JSON or plain text), or null.</summary>
    public string? Result { get; init; }

    /// <summary>The error the call ended with, or null.</summary>
    public CallError? Error { get; init; }

    /// <inheritdoc cref="ModelCall.Caller"/>
    internal string? Caller { get; init; }

    /// <summary>
    /// The call it was in flight together with on a resource that does not stand it, or null: only who made the calls can know.
    /// </summary>
    internal string? ContendedWith { get; init; }

    /// <summary>True where it was left in flight when the run ended, and never answered: only who made the calls can know.</summary>
    internal bool IsAbandoned { get; init; }
}

/// <summary>An error as a trace tells it.</summary>
/// <param name="Type">The exception's type as recorded (<c>TimeoutError</c>, <c>System.TimeoutException</c>), or empty.</param>
/// <param name="Message">Its message, or empty.</param>
public sealed record CallError(string Type, string Message)
{
    /// <summary>
    /// The code that stands beside it in the span's attributes: a status of HTTP, <c>grpc 14</c>, <c>sql 57P01</c>, a socket's; or null.
    /// </summary>
    internal string? Code { get; init; }

    /// <summary>Its class, where a fixture says it: an error that is replayed keeps it, whatever is made of it today. Else null.</summary>
    internal string? Class { get; init; }

    /// <summary>Type and message, without what was not recorded.</summary>
    public override string ToString() =>
        Type.Length == 0 ? Message
        : Message.Length == 0 ? Type
        : $"{Type}: {Message}";
}

/// <summary>Who speaks in a message: <c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
/// <param name="Role">The role.</param>
/// <param name="Parts">The parts in order.</param>
public sealed record Message(string Role, IReadOnlyList<MessagePart> Parts);

/// <summary>A part of a message.</summary>
public abstract record MessagePart;

/// <summary>Text.</summary>
/// <param name="Content">The text.</param>
public sealed record TextPart(string Content) : MessagePart;

/// <summary>A request of the model to call a tool.</summary>
/// <param name="CallId">The call's id, or null.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">The arguments as JSON text.</param>
public sealed record ToolCallPart(string? CallId, string Name, string Arguments) : MessagePart;

/// <summary>The result of a tool call, given back to the model.</summary>
/// <param name="CallId">The call's id, or null.</param>
/// <param name="Result">The result, JSON or plain text.</param>
public sealed record ToolResultPart(string? CallId, string Result) : MessagePart
{
    /// <summary>True where the message marks the result as an error of the tool.</summary>
    public bool IsError { get; init; }

    /// <summary>True where the result was recorded and is nothing: null or no text. False also where it was not recorded.</summary>
    internal bool IsBlank { get; init; }
}
