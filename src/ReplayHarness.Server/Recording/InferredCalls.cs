using Microsoft.Extensions.AI;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Recording;

/// <summary>
/// Tool calls that neither a span nor MCP tells of, as the conversation tells of them: a model asked, and was told a result later.
/// </summary>
internal static class InferredCalls
{
    /// <summary>The calls, and those that follow from them.</summary>
    public static IEnumerable<BoundaryCall> Added(List<BoundaryCall> calls)
    {
        var known = calls.Where(c => c.Kind == BoundaryKind.Tool).Select(c => (c.Name, c.Arguments)).ToHashSet();
        var models = calls.Where(c => c.Kind == BoundaryKind.Model).ToArray();
        foreach (var asking in models.Where(m => m is { Error: null, Output: not null }))
        foreach (var asked in asking.Output!.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>())
            if (Inferred(asking, asked, models) is { } call && !known.Contains((call.Name, call.Arguments)))
                yield return call;
        foreach (var call in calls)
            yield return call;
    }

    private static BoundaryCall? Inferred(BoundaryCall asking, FunctionCallContent asked, BoundaryCall[] models)
    {
        foreach (var telling in models.Where(m => m.StartTicks >= asking.EndTicks))
        {
            if (
                telling.Input!.SelectMany(m => m.Contents).OfType<FunctionResultContent>().FirstOrDefault(r => r.CallId == asked.CallId)
                is not { } told
            )
                continue;
            var call = new BoundaryCall
            {
                Kind = BoundaryKind.Tool,
                Name = asked.Name,
                Arguments = Json.Canonical((object?)asked.Arguments?.ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal)),
                CallId = asked.CallId,
                Attempt = asking.Attempt,
                Turn = asking.Turn,
                StartTicks = asking.EndTicks,
                ModelCallsBefore = static () => 0,
            };
            call.Succeed(telling.StartTicks, ToolBoundary.ToText(told.Result));
            return call;
        }
        return null;
    }
}
