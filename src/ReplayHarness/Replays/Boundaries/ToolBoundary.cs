using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>A mocked tool: each call behaves as the fixture says.</summary>
internal sealed class ToolBoundary(ReplayContext context, string name) : AIFunction
{
    private readonly RecordedTool? _recorded = FixtureIndex.ToolsOf(context.Index.Fixture).FirstOrDefault(t => t.Name == name);

    public override string Name => name;

    public override string Description => _recorded?.Description ?? "A captured tool.";

    public override JsonElement JsonSchema => _recorded?.Schema ?? base.JsonSchema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var canonical = Json.Canonical((object?)new Dictionary<string, object?>(arguments, StringComparer.Ordinal));
        var (behaviour, divergence) = context.Tools.Match(name, canonical, context.Conversation.Attempt);
        if (behaviour is null)
            return await context.Diverge<object?>(divergence!);
        var call = context.Begin(BoundaryKind.Tool, name, canonical, context.Conversation.TakeCallId(name, canonical), behaviour);
        var script = new ToolScript(context, call, behaviour);
        var token = behaviour.HonoursCancellation ? cancellationToken : CancellationToken.None;
        var operation = context.OperateAsync(call, script.Latency, script.Outcome, ToText, token);
        script.Issued();
        return await operation;
    }

    /// <summary>A result as the text that a trace would record.</summary>
    public static string? ToText(object? result) =>
        result switch
        {
            null => null,
            string text => text,
            JsonElement element => FixtureIndex.TextOf(element),
            _ => JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions),
        };
}

/// <summary>What a mocked call does: as captured; or, under <c>contention@tool</c>, as captured only where a sibling is in flight, and healthy otherwise.</summary>
internal sealed class ToolScript(ReplayContext context, BoundaryCall call, Behaviour behaviour)
{
    private readonly HealthyCall? _healthy =
        Contends(context, behaviour.Tool) && behaviour.Error is not null
            ? context.Index.HealthyOf(FixtureIndex.Key(behaviour.Tool, behaviour.Arguments))
            : null;

    public TimeSpan Latency => TimeSpan.FromSeconds(IsHealthy ? _healthy!.LatencySeconds : behaviour.LatencySeconds);

    private bool IsHealthy => _healthy is not null && call.ContendedWith is null;

    public object? Outcome()
    {
        if (IsHealthy)
            return ResultOf(_healthy!.Result);
        return behaviour.Error is { } error ? throw ClrExceptions.Create(error) : ResultOf(behaviour.Result!.Value);
    }

    /// <summary>The call is in flight: it, and any sibling that is, may now contend.</summary>
    public void Issued()
    {
        if (!Contends(context, behaviour.Tool))
            return;
        foreach (var sibling in context.SiblingsInFlight(call).Where(s => s.Behaviour is { } b && Contends(context, b.Tool)))
        {
            Contend(call, behaviour, sibling);
            Contend(sibling, sibling.Behaviour!, call);
        }
    }

    private static void Contend(BoundaryCall call, Behaviour behaviour, BoundaryCall with)
    {
        if (behaviour.Error is null || call.ContendedWith is not null)
            return;
        call.ContendedWith = with.Behaviour!.Id;
        call.Operation!.DueTicks = call.StartTicks + TimeSpan.FromSeconds(behaviour.LatencySeconds).Ticks;
    }

    private static bool Contends(ReplayContext context, string tool) =>
        context.Hypothesis.Contending.Contains(tool, StringComparer.Ordinal);

    private static object? ResultOf(JsonElement result) => result.ValueKind == JsonValueKind.String ? result.GetString() : result;
}

/// <summary>One of the agent's own tools, observed: its code runs, and the harness records the call.</summary>
internal sealed class ObservedTool(ReplayContext context, AIFunction inner) : DelegatingAIFunction(inner)
{
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var canonical = Json.Canonical((object?)new Dictionary<string, object?>(arguments, StringComparer.Ordinal));
        var call = context.Begin(BoundaryKind.Tool, Name, canonical, context.Conversation.TakeCallId(Name, canonical));
        ReplayContext.CurrentTool.Value = call;
        try
        {
            var result = await base.InvokeCoreAsync(arguments, cancellationToken);
            call.Succeed(context.Kernel.Time.NowTicks, ToolBoundary.ToText(result));
            return result;
        }
        catch (Exception e)
        {
            call.Fail(context.Kernel.Time.NowTicks, e);
            throw;
        }
    }
}
