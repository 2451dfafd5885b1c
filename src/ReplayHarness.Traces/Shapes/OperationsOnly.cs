using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>An operation at the model or tool boundary, as its behaviour says.</summary>
/// <param name="Turn">The turn it belongs to, from 1.</param>
/// <param name="Tool">The tool; null for the model.</param>
/// <param name="Arguments">The tool's arguments, or null.</param>
/// <param name="Result">What it returned, or null.</param>
/// <param name="Error">What it failed with, or null.</param>
/// <param name="Nanos">Its latency in nanoseconds.</param>
/// <param name="FinishReason">Why the model's answer ended, or null.</param>
internal sealed record OperationRecord(
    int Turn,
    string? Tool,
    string? Arguments,
    string? Result,
    CallError? Error,
    long Nanos,
    string? FinishReason = null
);

/// <summary>
/// What a mock imposes: the findings that hold on the operations alone, without the agent. Each turn's operations start together when the
/// model has answered, take the latency and the outcome that their behaviours say, and everything is given back to the model, as an agent
/// would that does nothing wrong. A finding of a replay that also holds here is no evidence about the agent.
/// </summary>
internal sealed class OperationsOnly
{
    private readonly List<Span> _spans = [];
    private long _now;

    private OperationsOnly() { }

    /// <summary>The identities imposed by the operations of each attempt.</summary>
    public static FindingIdentity[] Imposed(IEnumerable<IEnumerable<OperationRecord>> attempts, RunKnowledge known) =>
        [
            .. attempts
                .SelectMany(a => FailureShape.IdentityOf(RuleTable.Apply(new RunView(new OperationsOnly().Run(a), known)), known))
                .Distinct()
                .Order(),
        ];

    /// <summary>The identities that replaying every call as captured imposes.</summary>
    /// <param name="captured">The captured runs.</param>
    /// <param name="isServedWell">Whether a call that was cancelled answers well in a replay that does not cancel it.</param>
    /// <param name="known">What is known beside them.</param>
    public static FindingIdentity[] Imposed(IEnumerable<AgentRun> captured, Func<ToolCall, bool> isServedWell, RunKnowledge known) =>
        Imposed(
            captured.Select(run =>
            {
                var view = new RunView(run);
                return run.Turns.SelectMany((turn, i) => Records(turn, i, call => view.IsVictim(call) && isServedWell(call)));
            }),
            known
        );

    private static IEnumerable<OperationRecord> Records(Turn turn, int index, Func<ToolCall, bool> isVictim)
    {
        if (turn.Model is { } model)
            yield return new(index + 1, null, null, null, model.Error, Nanos(model.Span), model.FinishReason);
        foreach (var call in turn.Calls)
            yield return new(index + 1, call.Name, call.Arguments, call.Result, isVictim(call) ? null : call.Error, Nanos(call.Span));
    }

    private static long Nanos(Span span) => span.EndNanos - span.StartNanos;

    private AgentRun Run(IEnumerable<OperationRecord> operations)
    {
        Turn[] turns = [.. operations.GroupBy(o => o.Turn).Select(TurnOf)];
        return new AgentRun
        {
            Turns = [.. turns, new Turn(Model(0, null), [])],
            Trace = new Trace("", _spans),
            Spans = _spans,
            Dialect = "operations",
        };
    }

    private Turn TurnOf(IEnumerable<OperationRecord> operations)
    {
        ModelCall? model = null;
        foreach (var o in operations.Where(o => o.Tool is null))
            model = Model(o.Nanos, o.Error, o.FinishReason);
        ToolCall[] calls = [.. operations.Where(o => o.Tool is not null).Select(Tool)];
        _now = calls.Select(c => c.Span.EndNanos).Append(_now).Max();
        return new(model, calls);
    }

    private ModelCall Model(long nanos, CallError? error, string? finishReason = null)
    {
        var span = Add("model", nanos, error);
        _now = span.EndNanos;
        return new(span, [span]) { Error = error, FinishReason = finishReason };
    }

    private ToolCall Tool(OperationRecord o) =>
        new(Add(o.Tool!, o.Nanos, o.Error), o.Tool!)
        {
            Arguments = o.Arguments,
            Result = o.Result,
            Error = o.Error,
        };

    private Span Add(string name, long nanos, CallError? error)
    {
        var id = (_spans.Count + 1).ToString("x16", CultureInfo.InvariantCulture);
        var span = new Span("", id, null, name, _now, _now + nanos) { Status = error is null ? SpanStatus.Unset : SpanStatus.Error };
        _spans.Add(span);
        return span;
    }
}
