using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// Everything that answers over HTTP. To add a boundary that does, write a class that answers and name it here: both carriers deliver it.
/// </summary>
internal static class HttpAnswers
{
    private const int NotFound = 404;

    // In this order: what was authored comes first. Each gives null for what is not its own.
    private static readonly Func<ReplayContext, HttpAsked, Answer?>[] s_all =
    [
        AuthoredAnswers.Of,
        McpAnswers.Of,
        ModelAnswers.Of,
        InferredAnswers.Of,
    ];

    /// <summary>The answer to a request; where nothing answers it, a refusal.</summary>
    public static Answer Of(ReplayContext context, HttpAsked asked)
    {
        foreach (var answers in s_all)
            if (answers(context, asked) is { } answer)
                return answer;
        return asked.IsToMock ? NotServed(context, asked) : NoMatch(context, asked);
    }

    private static Answer NoMatch(ReplayContext context, HttpAsked asked)
    {
        if (context.IsLogged)
            context.Tell($"http: {asked.Method} {asked.Url} -> {NotFound}, the fixture has no response to it");
        var divergence = Nearest(context, asked);
        return context.DivergeUnlessPolicy(divergence, $"{NotFound}", new Sent(NotFound, null, Encoding.UTF8.GetBytes($"{divergence}")));
    }

    private static Divergence Nearest(ReplayContext context, HttpAsked asked)
    {
        var uncaught = UncaughtTool(context);
        var what = $"the agent sent {asked.Method} {asked.Url}";
        var responses = context.Index.Responses;
        if (responses.Count == 0)
            return new(
                what,
                null,
                [$"the fixture holds no http responses{(uncaught is null ? "; author them in its folder http/" : "")}"],
                uncaught
            );
        var nearest = responses.MaxBy(r => Common(r.Record.Url, asked.Url))!.Record;
        var reason =
            nearest.Method != asked.Method ? $"the method {nearest.Method} is different"
            : !asked.IsTo(nearest.Url) ? "the URL is different"
            : "the body is different";
        return new(what, $"{nearest.Method} {nearest.Url}", [reason], uncaught ?? "author the response in the fixture's folder http/");
    }

    // Where tools are mocked, none of their code should run. A call that nobody made is one that the agent makes past the harness.
    private static string? UncaughtTool(ReplayContext context) =>
        context is { SeesTools: true, Hypothesis.MocksTools: true } && context.Conversation.Open.FirstOrDefault() is { } open
            ? $"if this is {open.Tool}, make it an AIFunction or a KernelFunction and invoke that: a tool that the agent calls "
                + "itself is not caught"
            : null;

    private static Answer NotServed(ReplayContext context, HttpAsked asked)
    {
        if (context.IsLogged)
            context.Tell($"refused: {asked.Method} {asked.Url}");
        var divergence = new Divergence(
            $"the agent sent {asked.Method} {asked.Url}",
            null,
            [
                $"nothing is served there; expected POST to a path that ends in "
                    + $"{string.Join(", ", WireFormats.All.SelectMany(f => f.Paths))}, {McpAnswers.Path}, or /http/HOST/PATH for a "
                    + $"tool's own requests",
            ],
            "point the agent at the mock, or author the response in the fixture's folder http/"
        );
        return context.DivergeUnlessPolicy(
            divergence,
            $"{NotFound}",
            new Sent(NotFound, Sent.Json, WireFormat.Bytes(WireFormats.All[0].Refusal(NotFound, $"{divergence}")))
        );
    }

    private static int Common(string known, string url)
    {
        // A server is asked for a host, whatever the scheme.
        var start = url.Contains("://", StringComparison.Ordinal) ? 0 : known.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        return known.AsSpan(start).CommonPrefixLength(url);
    }
}
