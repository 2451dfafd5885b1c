using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>Which request of the model a tool's span answers, where the span does not say so.</summary>
internal static class CallIds
{
    /// <summary>
    /// The calls of a turn with the ids that they lack: that of the one request it fits, by arguments, or the only one of its tool that no
    /// other call has taken. A call is called what the model calls it.
    /// </summary>
    public static IEnumerable<ToolCall> Of(Trace trace, ToolCall[] calls, ToolCallPart[] asked)
    {
        if (!calls.Any(c => LeavesOutPlugins(trace, c)))
            return WithCallIds(calls, asked);
        return InOrder([.. WithCallIds([.. calls.Select(c => Called(trace, c, asked))], asked)], asked);
    }

    private static bool LeavesOutPlugins(Trace trace, ToolCall call) => trace.DialectOf(call.Span)?.LeavesOutPlugins == true;

    private static IEnumerable<ToolCall> WithCallIds(ToolCall[] calls, ToolCallPart[] asked)
    {
        var taken = TakenBy(calls);
        foreach (var call in calls)
        {
            ToolCallPart[] fitting = call.CallId is not null
                ? []
                : [.. asked.Where(a => a.CallId is not null && !taken.Contains(a.CallId) && Fits(call, a))];
            var only =
                fitting.Length == 1 && (call.Arguments is not null || calls.Count(c => c.Name == call.Name && c.CallId is null) == 1);
            yield return only ? call with { CallId = fitting[0].CallId } : call;
        }
    }

    private static HashSet<string> TakenBy(IEnumerable<ToolCall> calls) =>
        calls.Select(c => c.CallId).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private static bool Fits(ToolCall call, ToolCallPart asked) =>
        asked.Name == call.Name && (call.Arguments is null || Json.Canonical(asked.Arguments) == Json.Canonical(call.Arguments));

    // By its id, else by the plugin and the function; by the arguments, where functions of several plugins are called alike.
    private static ToolCall Called(Trace trace, ToolCall call, ToolCallPart[] asked)
    {
        if (!LeavesOutPlugins(trace, call) || asked.Any(a => a.Name == call.Name))
            return call;
        ToolCallPart[] named = [.. asked.Where(a => trace.DialectOf(call.Span)!.IsNameOf(a.Name, call.Name))];
        if (named.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count() > 1)
            named = [.. named.Where(a => a.CallId == call.CallId || Fits(call with { Name = a.Name }, a))];
        return named.Select(a => a.Name).Distinct(StringComparer.Ordinal).ToArray() is [var name] ? call with { Name = name } : call;
    }

    // Of requests that are the same nobody can tell which is which: they are begun in their order.
    private static IEnumerable<ToolCall> InOrder(ToolCall[] calls, ToolCallPart[] asked)
    {
        var taken = TakenBy(calls);
        foreach (var call in calls)
        {
            var id = call.CallId ?? Array.Find(asked, a => a.CallId is not null && !taken.Contains(a.CallId) && Fits(call, a))?.CallId;
            if (id is not null)
                taken.Add(id);
            yield return call.CallId is null ? call with { CallId = id } : call;
        }
    }
}
