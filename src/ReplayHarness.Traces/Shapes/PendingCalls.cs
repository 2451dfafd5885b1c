using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>Calls that the model asked for last, and that nothing in the trace answers.</summary>
internal static class PendingCalls
{
    // Less than this after the model's answer the run may have ended for any reason.
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The calls that were pending when a run ended: those of tools that the run is known to make. Where it has no end, one of which a
    /// sibling was made is known, too: frameworks make all calls of an answer, but some read the last answer as a call.
    /// </summary>
    public static IEnumerable<(ModelCall Model, ToolCallPart Call)> AtTheEnd(RunView run) =>
        Asked(run).Where(p => run.ToolCalls.Any(c => c.Name == p.Call.Name) || (IsWithoutRoot(run.Run) && HasMadeSibling(run, p.Model)));

    private static bool HasMadeSibling(RunView run, ModelCall model) =>
        run.Run.Turns.Any(t => ReferenceEquals(t.Model, model) && t.Calls.Count > 0);

    /// <summary>The calls for which a run waited until somebody cancelled it, and how long it did.</summary>
    public static IEnumerable<(ModelCall Model, ToolCallPart Call, TimeSpan Waited)> AtACancellation(RunView run)
    {
        if (
            run.Run is not { Failed: true, Error: { } error, Root: { } root }
            || ErrorClass.Of(error) is not (ErrorClass.Cancelled or ErrorClass.Timeout)
        )
            return [];
        if (run.ToolCalls.Any(c => c.Error is not null) || run.Run.ModelCalls.Any(m => m.Error is not null))
            return [];
        return Asked(run)
            .Select(p => (p.Model, p.Call, TimeSpan.FromTicks((root.EndNanos - p.Model.Span.EndNanos) / 100)))
            .Where(p => p.Item3 >= s_wait);
    }

    /// <summary>The tools of the calls that the model asked for last and that have no span.</summary>
    public static IEnumerable<string> WithoutSpan(RunView run) => Asked(run).Select(p => p.Call.Name);

    /// <summary>Whether the span that the run's own belong to was never exported.</summary>
    public static bool IsWithoutRoot(AgentRun run) =>
        (run.Root ?? run.Spans[0]) is { ParentSpanId: not null } top && run.Trace.ParentOf(top) is null;

    // A call without an id is told by its name, as often as it was asked for.
    private static IEnumerable<(ModelCall Model, ToolCallPart Call)> Asked(RunView run)
    {
        foreach (var turn in run.Run.Turns.Where(t => t.Model is { Output: not null, Error: null } m && !run.ModelWasAskedAfter(m)))
        {
            var made = turn.Calls.ToList();
            foreach (var call in turn.Model!.Output!.SelectMany(m => m.Parts).OfType<ToolCallPart>())
                if (
                    made.FindIndex(c => c.CallId is not null && call.CallId is not null ? c.CallId == call.CallId : c.Name == call.Name)
                    is >= 0
                        and var at
                )
                    made.RemoveAt(at);
                else if (run.ToolCalls.All(c => c.CallId is null || c.CallId != call.CallId))
                    yield return (turn.Model, call);
        }
    }
}
