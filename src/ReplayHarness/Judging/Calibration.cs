using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Traces;

namespace ReplayHarness.Judging;

/// <summary>
/// Shows that the http responses are right before anything is judged by them: each captured call, run alone through the agent's own code,
/// must return its captured result; a call that failed, that of the healthy source.
/// </summary>
internal static class Calibration
{
    /// <summary>Why the hypothesis is not calibrated; null where it is.</summary>
    public static Doubt? Check(FixtureIndex index, ScheduleRunner runner)
    {
        if (!HasOwnTools(runner))
            return Doubt.Uncalibrated(
                "the driver registers no tools of its own (IReadOnlyList<AIFunction>), so none of their code can run over the http boundary"
            );
        if (index.Responses.Count == 0)
            return Doubt.Uncalibrated("the fixture holds no http responses; author them in its folder http/");
        return index.Calls.Select(call => CheckCall(index, runner, call.Key, call.First)).FirstOrDefault(reason => reason is not null);
    }

    // Whether the driver brings tools of its own, whose code can run over the http boundary. What it does about that is the agent's code.
    private static bool HasOwnTools(ScheduleRunner runner)
    {
        var has = false;
        runner.Run(
            new CapturedOrder(),
            (_, services, _) =>
            {
                has = services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IReadOnlyList<AIFunction>));
                return Task.CompletedTask;
            }
        );
        return has;
    }

    private static Doubt? CheckCall(FixtureIndex index, ScheduleRunner runner, (string Tool, string Arguments) key, Behaviour behaviour)
    {
        if (!index.ExpectedResults.TryGetValue(key, out var expected))
            return Doubt.Uncalibrated(
                $"{key.Tool} {key.Arguments} failed in every capture, and no healthy result is known",
                Remedy.CaptureHealthyCalls
            );
        string? actual = null;
        var result = runner.Run(
            new CapturedOrder(),
            async (_, services, token) => actual = await InvokeAsync(services, key.Tool, behaviour, token)
        );
        if (result.Divergence is { } divergence)
            return Doubt.Uncalibrated($"{key.Tool} {key.Arguments}: {divergence}");
        if (Json.Canonical(actual) == expected)
            return null;
        var call = result.Trace.Spans.FirstOrDefault(s => s.Status == Traces.SpanStatus.Error);
        var returned = actual is null ? $"an error ({call?.StatusMessage ?? "no result"})" : Short(actual);
        return Doubt.Uncalibrated($"{key.Tool} {key.Arguments} alone returned {returned}; captured: {Short(expected)}");
    }

    private static async Task<string?> InvokeAsync(IServiceProvider services, string tool, Behaviour behaviour, CancellationToken token)
    {
        var function =
            services.GetRequiredService<IReadOnlyList<AIFunction>>().FirstOrDefault(t => t.Name == tool)
            ?? throw new InvalidOperationException($"the agent has no tool {tool}");
        var arguments = behaviour.Arguments.EnumerateObject().ToDictionary(m => m.Name, m => (object?)m.Value, StringComparer.Ordinal);
        return ToolBoundary.ToText(await function.InvokeAsync(new AIFunctionArguments(arguments), token));
    }

    private static string Short(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
