using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>Whose a call is, where several agents or several questions make one run.</summary>
internal static class Callers
{
    /// <summary>The same text for all calls of one agent's one question; null where nothing tells them apart.</summary>
    public static string? Of(Trace trace, Span call) =>
        trace.DialectOf(call)?.Caller(call)
        ?? trace.AncestorsOf(call).FirstOrDefault(a => trace.DialectOf(a)?.HoldsOneQuestion(a) == true)?.SpanId;

    /// <summary>Whether two calls may be of one caller: also where one of them does not say whose it is.</summary>
    public static bool AreOne(string? one, string? other) => one is null || other is null || one == other;

    /// <summary>The name of the agent whose call it is: what its own span says, or the nearest span of an agent.</summary>
    public static string? AgentOf(Trace trace, Span call)
    {
        foreach (var span in trace.AncestorsOf(call).Prepend(call))
            if (
                trace.DialectOf(span) is { } dialect
                && (span == call || dialect.RoleOf(span) == SpanRole.Agent)
                && dialect.AgentName(span) is { Length: > 0 } name
            )
                return name;
        return null;
    }
}
