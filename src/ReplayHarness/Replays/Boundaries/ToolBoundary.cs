using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>A mocked tool: each call behaves as the fixture says.</summary>
internal sealed class ToolBoundary(KernelCarrier carrier, string name) : AIFunction
{
    private readonly RecordedTool? _recorded = FixtureIndex.ToolsOf(carrier.Context.Index.Fixture).FirstOrDefault(t => t.Name == name);

    public override string Name => name;

    public override string Description => _recorded?.Description ?? "A captured tool.";

    public override JsonElement JsonSchema => _recorded?.Schema ?? base.JsonSchema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var answer = ToolAnswers.Of(carrier.Context, name, Canonical(arguments));
        var honours = answer.Call?.Behaviour?.HonoursCancellation ?? true;
        return await carrier.AnswerAsync(answer, outcome => Value(outcome), honours ? cancellationToken : CancellationToken.None);
    }

    /// <summary>A call's arguments as canonical JSON.</summary>
    public static string Canonical(AIFunctionArguments arguments) =>
        Json.Canonical((object?)new Dictionary<string, object?>(arguments, StringComparer.Ordinal));

    private object? Value(Outcome outcome) =>
        outcome switch
        {
            Failed failed => throw carrier.Thrown(failed),
            Returned { Value: { ValueKind: JsonValueKind.String } text } => text.GetString(),
            var returned => ((Returned)returned).Value,
        };

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

/// <summary>One of the agent's own tools, observed: its code runs, and the harness records the call.</summary>
internal sealed class ObservedTool(KernelCarrier carrier, AIFunction inner) : DelegatingAIFunction(inner)
{
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var call = carrier.Context.CallOf(BoundaryKind.Tool, Name, ToolBoundary.Canonical(arguments));
        carrier.Begin(call);
        KernelCarrier.CurrentTool.Value = call;
        try
        {
            var result = await base.InvokeCoreAsync(arguments, cancellationToken);
            call.Succeed(carrier.Time.NowTicks, ToolBoundary.ToText(result));
            return result;
        }
        catch (Exception e)
        {
            call.Fail(carrier.Time.NowTicks, e);
            throw;
        }
    }
}
