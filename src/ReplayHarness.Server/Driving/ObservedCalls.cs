using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>
/// The tool calls of an agent in another process, as its own spans tell of them. What a mock saw of a call that no span tells of stands for
/// itself.
/// </summary>
internal sealed class ObservedCalls(
    IReadOnlyDictionary<string, string> aliases,
    HashSet<(string Tool, string Arguments)> requested,
    IReadOnlyList<BoundaryCall> served,
    Func<long, long> ticksOf
)
{
    private readonly BoundaryCall[] _models = [.. served.Where(c => c.Kind == BoundaryKind.Model)];
    private readonly Behaviour[] _imposed = [.. served.Select(c => c.Behaviour).OfType<Behaviour>()];

    /// <summary>The span of each call that was taken from one.</summary>
    public Dictionary<BoundaryCall, Span> Spans { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>All calls of the schedule in order of time, tool calls as the agent saw them.</summary>
    public List<BoundaryCall> Of(IEnumerable<AgentRun> runs)
    {
        List<BoundaryCall> tools =
        [
            .. runs.SelectMany(r => r.ToolCalls)
                .Where(c => c.Arguments is not null && requested.Contains(KeyOf(c)))
                .OrderBy(c => c.Span.StartNanos)
                .Select(Call),
        ];
        var told = tools.Select(t => (aliases.GetValueOrDefault(t.Name, t.Name), t.Arguments)).ToHashSet();
        return
        [
            .. served
                .Where(c => c.Kind != BoundaryKind.Tool || !told.Contains((c.Name, c.Arguments)))
                .Concat(tools)
                .OrderBy(c => c.StartTicks),
        ];
    }

    private (string Tool, string Arguments) KeyOf(ToolCall call) =>
        (aliases.GetValueOrDefault(call.Name, call.Name), Json.Canonical(call.Arguments));

    private BoundaryCall Call(ToolCall tool)
    {
        var (start, end) = (ticksOf(tool.Span.StartNanos), ticksOf(tool.Span.EndNanos));
        // The two clocks differ by a little: a call begins after the answer that asked for it, and ends before the request that tells of
        // it.
        var asking = Array.FindLast(_models, m => m.StartTicks <= start && m.Output is not null);
        start = Math.Max(start, asking?.EndTicks ?? 0);
        var callId =
            tool.CallId
            ?? asking
                ?.Output?.Messages.SelectMany(m => m.Contents)
                .OfType<Microsoft.Extensions.AI.FunctionCallContent>()
                .FirstOrDefault(c =>
                    c.Name == tool.Name
                    && Json.Canonical((object?)c.Arguments?.ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal))
                        == Json.Canonical(tool.Arguments)
                )
                ?.CallId;
        var telling = Array.Find(
            _models,
            m =>
                m.StartTicks >= start
                && m.Input!.SelectMany(i => i.Contents).OfType<Microsoft.Extensions.AI.FunctionResultContent>().Any(r => r.CallId == callId)
        );
        end = Math.Max(start, Math.Min(end, telling?.StartTicks ?? long.MaxValue));
        var call = new BoundaryCall
        {
            Kind = BoundaryKind.Tool,
            Name = tool.Name,
            Arguments = Json.Canonical(tool.Arguments),
            CallId = callId,
            Attempt = asking?.Attempt ?? 1,
            Turn = asking?.Turn ?? 0,
            StartTicks = start,
            Behaviour = Array.Find(_imposed, b => FixtureIndex.Key(b.Tool, b.Arguments) == KeyOf(tool)),
            ModelCallsBefore = static () => 0,
        };
        if (tool.Error is { } error)
            call.Fail(end, error);
        else
            call.Succeed(end, tool.Result);
        Spans[call] = tool.Span;
        return call;
    }
}
