using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>A mocked tool: each call behaves as the fixture says.</summary>
internal sealed class ToolBoundary(KernelCarrier carrier, string name) : AIFunction
{
    private readonly RecordedTool? _recorded = FixtureIndex.ToolsOf(carrier.Context.Index.Fixture).FirstOrDefault(t => t.Name == name);

    public override string Name => name;

    public override string Description => _recorded?.Description ?? "A captured tool.";

    public override JsonElement JsonSchema => _recorded?.Schema ?? base.JsonSchema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await AnswerAsync(
            carrier,
            ToolAnswers.Of(carrier.Context, name, Canonical(arguments)),
            result => new ToolResult(result, null).AsObject(),
            cancellationToken
        );

    /// <summary>Gives the agent the fixture's answer to a call of a tool.</summary>
    /// <param name="carrier">Carries it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="value">Makes of a captured result what the agent gets.</param>
    /// <param name="token">Ends the wait for it.</param>
    public static Task<T> AnswerAsync<T>(KernelCarrier carrier, Answer answer, Func<JsonElement?, T> value, CancellationToken token)
    {
        var honours = answer.Call?.Behaviour?.HonoursCancellation ?? true;
        if (
            honours
            && token.CanBeCanceled
            && answer is { Latency: { } lasted, Outcome: Failed { Recorded: var error } }
            && HangsAsCaptured(error)
        )
            return HungCall.WaitAsync<T>(carrier, answer, error, lasted, token);
        return carrier.AnswerAsync(
            answer,
            outcome => outcome is Failed failed ? throw carrier.Thrown(failed) : value(((Returned)outcome).Value),
            honours ? token : CancellationToken.None
        );
    }

    // The trace says no more than that it was cancelled, and it was a time-out all the same.
    private static bool HangsAsCaptured(RecordedError error) =>
        error.Class == ErrorClass.Timeout && ErrorClass.Of(new(error.Type, error.Message)) == ErrorClass.Cancelled;

    /// <summary>Runs a tool's own code, and records the call.</summary>
    /// <param name="carrier">Records it.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments, canonical JSON.</param>
    /// <param name="own">Runs the code.</param>
    /// <param name="result">What of its result a trace would record.</param>
    /// <param name="innermost">The function whose own code the tool is, where others stand around it.</param>
    public static async Task<T> ObserveAsync<T>(
        KernelCarrier carrier,
        string name,
        string arguments,
        Func<Task<T>> own,
        Func<T, object?> result,
        object? innermost = null
    )
    {
        var call = carrier.Context.CallOf(BoundaryKind.Tool, name, arguments);
        carrier.Begin(call);
        KernelCarrier.CurrentTool.Value = call;
        var wrapped = KernelCarrier.CurrentWrapped.Value = innermost is null ? null : new(innermost, name, arguments);
        try
        {
            var returned = await own();
            var text = ToText(result(returned));
            // Whoever stands around the tool and tells of its error has not undone it.
            if (wrapped?.Error is { } hidden && FailureWords.AreIn(text ?? "", BoundaryCall.ErrorOf(hidden)))
                call.Fail(carrier.Time.NowTicks, hidden);
            else
                call.Succeed(carrier.Time.NowTicks, text);
            return returned;
        }
        catch (Exception e)
        {
            call.Fail(carrier.Time.NowTicks, e);
            throw;
        }
    }

    /// <summary>A call's arguments as canonical JSON.</summary>
    public static string Canonical(AIFunctionArguments arguments) =>
        Json.Canonical((object?)new Dictionary<string, object?>(arguments, StringComparer.Ordinal));

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
    // Where another function stands around it, the call is recorded there.
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        KernelCarrier.CurrentTool.Value is { AsksModel: false }
            ? await base.InvokeCoreAsync(arguments, cancellationToken)
            : await ToolBoundary.ObserveAsync(
                carrier,
                carrier.Context.Index.Recorded(Name),
                ToolBoundary.Canonical(arguments),
                () => base.InvokeCoreAsync(arguments, cancellationToken).AsTask(),
                result => result
            );
}
