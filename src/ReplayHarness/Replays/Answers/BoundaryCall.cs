using System.Diagnostics;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.States;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays.Answers;

internal enum BoundaryKind
{
    Model,
    Tool,
    Http,
}

/// <summary>One call across a boundary, as it went in this schedule.</summary>
internal sealed class BoundaryCall
{
    private ulong? _begun;
    private ulong _ended;
    private string[]? _asked;

    public required BoundaryKind Kind { get; init; }

    /// <summary>The tool's name, the model's name, or method and URL.</summary>
    public required string Name { get; init; }

    /// <summary>The attempt it belongs to, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>How many turns the model had answered in the attempt.</summary>
    public required int Turn { get; init; }

    /// <summary>When it was made.</summary>
    public long StartTicks { get; set; }

    public long EndTicks { get; private set; } = -1;

    /// <summary>The agent's span in which the call was made.</summary>
    public Activity? Parent { get; set; }

    /// <summary>Once the schedule has ended: the agent's span in which the call was made, or the one that is the call itself.</summary>
    public AgentSpan? Around { get; set; }

    /// <summary>Its span, once the trace of its schedule is written.</summary>
    public string? SpanId { get; set; }

    public string? CallId { get; init; }

    public string? Arguments { get; init; }

    /// <summary>The tool call in which an http call was made.</summary>
    public BoundaryCall? Owner { get; set; }

    /// <summary>The http calls that a tool's call made: method and URL.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Whose conversation it belongs to, where there are several; else null.</summary>
    public string? Caller { get; init; }

    /// <summary>Whether a model was asked within a tool's own code: then the tool is an agent.</summary>
    public bool AsksModel { get; set; }

    /// <summary>The captured behaviour that a mocked tool call showed.</summary>
    public Behaviour? Behaviour { get; init; }

    public Operation? Operation { get; set; }

    /// <summary>The call it contended with, under <c>contention@tool</c>.</summary>
    public string? ContendedWith { get; set; }

    /// <summary>
    /// Whether the model's API refused it for what the agent asked or when, and not as the recording dictates: that is the agent's doing.
    /// </summary>
    public bool IsDeserved { get; set; }

    /// <summary>Whether it was refused although the agent had been told what to send, or how long to wait.</summary>
    public bool IsAvoidable { get; set; }

    public string? Result { get; private set; }

    public CallError? Error { get; private set; }

    /// <summary>The messages of a model request.</summary>
    public IReadOnlyList<ChatMessage>? Input { get; init; }

    /// <summary>One word for what was sent: a request's messages, or its URL and body; 0 where arguments say it all.</summary>
    public ulong Request { get; init; }

    /// <summary>How many model calls had been made when this one ended: whether its outcome could reach the model.</summary>
    public required Func<long> ModelCallsBefore { get; init; }

    /// <summary>The model's answer, once it began to reach the agent.</summary>
    public ChatResponse? Output { get; set; }

    /// <summary>The tools that the model's answer asks for, a name for each call.</summary>
    public IReadOnlyList<string> Asked =>
        Output is null ? [] : _asked ??= [.. Output.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Select(c => c.Name)];

    /// <summary>What else its span says.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> More { get; set; } = [];

    public bool Ended => EndTicks >= 0;

    /// <summary>True where the run ended while it was in flight; what becomes of it afterwards is no longer recorded.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Whether it ended after the run did.</summary>
    public bool EndedLate { get; private set; }

    /// <summary>Whether it was cancelled when it was made: it never was one. A recording may hold such a call.</summary>
    public bool IsCancelledAtOnce =>
        EndTicks == StartTicks
        && Error is { } error
        && Shapes.ErrorClass.Of(error) == Shapes.ErrorClass.Cancelled
        && Behaviour?.Error?.Class != Shapes.ErrorClass.Cancelled;

    /// <summary>The run has ended.</summary>
    public void EndRun() => IsAbandoned = !Ended;

    /// <summary>Names the call within its schedule.</summary>
    public string Label => Operation?.Label ?? $"{Name} {CallId}";

    /// <summary>Names the chain of the http calls that it makes.</summary>
    public string ChainName => $"{Name} {Arguments} {CallId} {Attempt}";

    /// <summary>What the rules can tell of the call, without its times.</summary>
    public ulong Digest => Ended ? _ended : _begun ??= NewDigest().Word();

    public void Succeed(long ticks, string? result)
    {
        if (IsAbandoned)
        {
            EndedLate = true;
            return;
        }
        EndTicks = ticks;
        Result = result;
        _ended = EndDigest();
    }

    /// <summary>It ended as an outcome says.</summary>
    public void End(long ticks, Outcome outcome)
    {
        if (outcome.Error is { } error)
            Fail(ticks, error);
        else
            Succeed(ticks, outcome.Result);
    }

    public void Fail(long ticks, Exception error) => Fail(ticks, ErrorOf(error));

    public void Fail(long ticks, CallError error)
    {
        if (IsAbandoned)
        {
            EndedLate = true;
            return;
        }
        EndTicks = ticks;
        Error = error;
        _ended = EndDigest();
    }

    private StateHash NewDigest()
    {
        var hash = StateHash.Start();
        hash.Add((long)Kind);
        hash.Add(Name);
        hash.Add(Arguments);
        hash.Add(CallId);
        hash.Add(Attempt);
        hash.Add(Turn);
        hash.Add(Behaviour?.Id);
        hash.Add(Operation?.Label);
        // Which calls a request holds, rules look at; in which order, none does.
        ulong asked = 0;
        foreach (var call in (Input ?? []).SelectMany(m => m.Contents).OfType<FunctionCallContent>())
            asked += StateHash.WordOf(call.CallId);
        hash.Add(asked);
        hash.Add(ToldDigest());
        return hash;
    }

    // What a request told of calls is judged when the agent may have forgotten it. A sum, as the order of results tells nothing.
    private ulong ToldDigest()
    {
        ulong sum = 0;
        foreach (var result in (Input ?? []).SelectMany(m => m.Contents).OfType<FunctionResultContent>())
        {
            var hash = StateHash.Start();
            hash.Add(result.CallId);
            hash.Add(ToolBoundary.ToText(result.Result));
            // What marks it as an error.
            hash.Add(result.Exception?.GetType().FullName);
            hash.Add(result.Exception?.Message);
            sum += hash.Word();
        }
        return sum;
    }

    private ulong EndDigest()
    {
        var hash = NewDigest();
        hash.Add(Result);
        hash.Add(Error?.Type);
        hash.Add(Error?.Message);
        hash.Add(ContendedWith);
        hash.Add((IsDeserved ? 1UL : 0) + (IsAvoidable ? 2UL : 0));
        hash.Add(ModelCallsBefore());
        return hash.Word();
    }

    public static CallError ErrorOf(Exception error) => new(error.GetType().FullName ?? error.GetType().Name, error.Message);
}
