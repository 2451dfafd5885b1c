using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
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
    /// <summary>
    /// Why the hypothesis is not calibrated; null where it is. What no response is authored for, the fixture then assumes.
    /// </summary>
    public static Doubt? Check(FixtureIndex index, ScheduleRunner runner)
    {
        var registered = HasOwnTools(runner);
        return index
            .Calls.Select(call =>
                CheckCall(
                    index,
                    call.Key,
                    call.First,
                    inference =>
                        registered ? Invoke(index, runner, call.First, inference) : Try(index, runner, call.Key, call.First, inference)
                )
            )
            .FirstOrDefault(reason => reason is not null);
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

    private static Doubt? CheckCall(
        FixtureIndex index,
        (string Tool, string Arguments) key,
        Behaviour behaviour,
        Func<HttpInference?, (ScheduleResult Result, string? Returned, string? NotMade)> run
    )
    {
        if (!index.ExpectedResults.TryGetValue(key, out var expected))
            return Doubt.Uncalibrated(
                $"{key.Tool} {key.Arguments} failed in every capture, and no healthy result is known",
                Remedy.CaptureHealthyCalls
            );
        var inference = InferenceOf(index, key, behaviour);
        var (result, actual, notMade) = run(inference);
        if (Json.Canonical(actual) == expected && result.Divergence is null)
        {
            index.Assume(inference?.Tried ?? []);
            return null;
        }
        // Only what is authored can say how it differs.
        if (inference?.Tried.Any() == true)
            (result, actual, notMade) = run(null);
        if (result.Divergence is { } divergence)
            return Doubt.Uncalibrated(
                index.Responses.Count == 0 && notMade is null
                    ? "the fixture holds no http responses; author them in its folder http/"
                    : $"{key.Tool} {key.Arguments}: {divergence}"
            );
        if (notMade is not null)
            return Doubt.Uncalibrated(notMade);
        var call = result.Trace.Spans.FirstOrDefault(s => s.Status == Traces.SpanStatus.Error);
        var returned = actual is null ? $"an error ({call?.StatusMessage ?? "no result"})" : Short(actual);
        return Doubt.Uncalibrated($"{key.Tool} {key.Arguments} alone returned {returned}; captured: {Short(expected)}");
    }

    /// <summary>What is tried for a call where no response is authored; null where no result of it is known.</summary>
    public static HttpInference? InferenceOf(FixtureIndex index, (string Tool, string Arguments) key, Behaviour behaviour) =>
        index.HealthyOf(key) is { } healthy ? new(new(key.Tool, behaviour.Arguments), healthy.Result, healthy.LatencySeconds)
        : index.BehavioursOf(key).FirstOrDefault(b => b.Result is not null) is { Result: { } result } answered
            ? new(new(key.Tool, behaviour.Arguments), result, answered.LatencySeconds)
        : null;

    // What the driver registers is called without the agent.
    private static (ScheduleResult, string?, string?) Invoke(
        FixtureIndex index,
        ScheduleRunner runner,
        Behaviour behaviour,
        HttpInference? inference
    )
    {
        string? actual = null;
        var result = runner.Run(
            new CapturedOrder(),
            async (_, services, token) => actual = await InvokeAsync(index, services, behaviour, token),
            () => inference
        );
        return (result, actual, null);
    }

    // What only the agent can reach is called by it: with the captured arguments where it makes that call, else with any.
    private static (ScheduleResult, string?, string?) Try(
        FixtureIndex index,
        ScheduleRunner runner,
        (string Tool, string Arguments) key,
        Behaviour behaviour,
        HttpInference? inference
    )
    {
        var trial = new ToolTrial(index, key, behaviour);
        var result = runner.Run(new CapturedOrder(), trial, inference);
        if (!trial.IsMade && trial.Calls > 0)
        {
            trial = new ToolTrial(index, key, behaviour) { TakesAny = true };
            result = runner.Run(new CapturedOrder(), trial, inference);
        }
        return (result, trial.Returned, trial.IsMade ? null : WhyNotMade(trial, key));
    }

    private static string WhyNotMade(ToolTrial trial, (string Tool, string Arguments) key) =>
        trial.Calls == 0
            ? "the agent invoked no tool of its own, and its driver registers none (IReadOnlyList<AIFunction>), so none of their code can "
                + "run over the http boundary"
            : $"the agent never called {key.Tool}, so its code could not run alone over the http boundary";

    private static async Task<string?> InvokeAsync(
        FixtureIndex index,
        IServiceProvider services,
        Behaviour behaviour,
        CancellationToken token
    )
    {
        var function =
            services.GetRequiredService<IReadOnlyList<AIFunction>>().FirstOrDefault(t => index.Recorded(t.Name) == behaviour.Tool)
            ?? throw new InvalidOperationException($"the agent has no tool {behaviour.Tool}");
        var arguments = behaviour.Arguments.EnumerateObject().ToDictionary(m => m.Name, m => (object?)m.Value, StringComparer.Ordinal);
        return ToolBoundary.ToText(await function.InvokeAsync(new AIFunctionArguments(arguments), token));
    }

    private static string Short(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
