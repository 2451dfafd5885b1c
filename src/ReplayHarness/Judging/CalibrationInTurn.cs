using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Judging;

/// <summary>
/// Finds the responses that nobody authored where a call may need what another one left behind: the agent is driven once, one call after
/// the other, and what a call asks for is answered with its own captured result. Whether that is right, a replay in this order shows.
/// </summary>
internal static class CalibrationInTurn
{
    /// <summary>Why nothing can be judged by them; null where it can. The fixture then assumes them.</summary>
    public static Doubt? Check(FixtureIndex index, ScheduleRunner runner)
    {
        var tried = index
            .Calls.Select(call => (call.Key, Inference: Calibration.InferenceOf(index, call.Key, call.First)))
            .Where(call => call.Inference is not null)
            .ToDictionary(call => call.Key, call => call.Inference!);
        runner.Run(new CapturedOrder(), InferenceOfCaller);
        foreach (var same in tried.Values.SelectMany(t => t.Tried).GroupBy(r => (r.Method, r.Url, r.RequestBody?.GetRawText())))
            if (same.Select(r => Of(r)!.Body).Distinct(StringComparer.Ordinal).Skip(1).Any())
                return Doubt.Uncalibrated(
                    $"{same.Key.Method} {same.Key.Url} is sent by calls that gave different results "
                        + $"({string.Join(", ", same.Select(r => r.BodyFromResult!.Tool).Distinct(StringComparer.Ordinal))}), so nobody "
                        + "knows what it answered; author the response"
                );
        index.Assume(tried.Values.SelectMany(t => t.Tried).DistinctBy(r => (r.Method, r.Url, r.RequestBody?.GetRawText())));
        return null;

        HttpInference? InferenceOfCaller() =>
            KernelCarrier.CurrentTool.Value is { Arguments: { } arguments } call
                ? tried.GetValueOrDefault((index.Recorded(call.Name), arguments))
                : null;

        HttpInference? Of(HttpResponseRecord response) =>
            tried.GetValueOrDefault(FixtureIndex.Key(response.BodyFromResult!.Tool, response.BodyFromResult.Arguments));
    }
}
