using System.Text.RegularExpressions;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Shapes;

/// <summary>
/// The requests over HTTP that calls of tools make, and what their methods say of whether a call changes something each time it is made, by
/// RFC 9110: POST and PATCH do; GET, HEAD and OPTIONS change nothing, and PUT and DELETE nothing more the second time.
/// </summary>
internal static partial class ToolRequests
{
    private static readonly string[] s_acting = ["POST", "PATCH"];
    private static readonly string[] s_repeatable = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];

    /// <summary>The requests of a call, each a method and, where it is known, a URL.</summary>
    public static IReadOnlyList<string> Of(AgentRun run, ToolCall call) =>
        call.Span.Attributes.Structure(Harness.RequestsName) is IReadOnlyList<object?> noted
            ? [.. noted.OfType<string>()]
            : [.. Below(run, call.Span).Select(RequestOf).OfType<string>()];

    /// <summary>The requests of a run's calls, by tool.</summary>
    public static ILookup<string, string> Of(AgentRun run) =>
        run.ToolCalls.SelectMany(c => Of(run, c).Select(r => (c.Name, Request: r))).ToLookup(r => r.Name, r => r.Request);

    /// <summary>Whether requests change something each time they are made; null where that is not known, or there are none.</summary>
    public static bool? IsEffect(IEnumerable<string> requests)
    {
        bool? effect = null;
        var unclear = false;
        foreach (var request in requests)
            if (MethodOf(request) is var method && s_acting.Contains(method) && !Asks().IsMatch(request))
                return true;
            else if (s_repeatable.Contains(method))
                effect = false;
            else
                unclear = true;
        return unclear ? null : effect;
    }

    private static string MethodOf(string request) => request.Split(' ')[0];

    /// <summary>The spans below a call's; what a model, a tool or an agent within the call does is its own.</summary>
    internal static IEnumerable<Span> Below(AgentRun run, Span span)
    {
        var others = run.ToolCalls.Select(c => c.Span).Concat(run.ModelCalls.SelectMany(m => m.Attempts)).Select(s => s.SpanId).ToHashSet();
        var open = new Stack<Span>(run.Trace.ChildrenOf(span));
        while (open.TryPop(out var next))
        {
            if (others.Contains(next.SpanId))
                continue;
            yield return next;
            foreach (var child in run.Trace.ChildrenOf(next))
                open.Push(child);
        }
    }

    private static string? RequestOf(Span span)
    {
        var method = span.Attributes.Text("http.request.method") ?? span.Attributes.Text("http.method");
        if (method is null || span.Attributes.Has("mcp.method.name") || span.Attributes.Has("gen_ai.operation.name"))
            return null;
        var url =
            span.Attributes.Text("url.full")
            ?? span.Attributes.Text("http.url")
            ?? span.Attributes.Text("url.path")
            ?? span.Attributes.Text("http.target")
            ?? span.Attributes.Text("http.route");
        return url is null ? method.ToUpperInvariant() : $"{method.ToUpperInvariant()} {url}";
    }

    // A POST whose path says that it asks, or that is a protocol's only method.
    [GeneratedRegex(
        @"[/:_](mcp|sse|rpc|jsonrpc|graphql|search|query|lookup|find|token|completions|responses|embeddings|generatecontent|traces|metrics"
            + @"|logs)(\?.*|#.*|/)?$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Asks();
}
