using System.Globalization;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Diagnosis;

/// <summary>What a run used of the model, as far as it was recorded.</summary>
/// <param name="InputTokens">Tokens of all requests, or null.</param>
/// <param name="OutputTokens">Tokens of all answers, or null.</param>
/// <param name="Cost">The cost as recorded, mostly in US dollars; or null.</param>
internal sealed record Usage(long? InputTokens, long? OutputTokens, double? Cost)
{
    /// <summary>The usage of a run's attempts, summed over its model calls.</summary>
    internal static Usage Of(IEnumerable<AgentRun> attempts)
    {
        ModelCall[] calls = [.. attempts.SelectMany(a => a.ModelCalls)];
        return new(
            Sum(calls.Select(c => c.InputTokens)),
            Sum(calls.Select(c => c.OutputTokens)),
            calls.Select(c => Number(c.Span, [.. DialectNames.Costs])).OfType<double>().ToArray() is { Length: > 0 } costs
                ? costs.Sum()
                : null
        );
    }

    private static long? Sum(IEnumerable<long?> values) => values.OfType<long>().ToArray() is { Length: > 0 } known ? known.Sum() : null;

    private static double? Number(Span span, string[] names) =>
        span.Attributes.Text(names) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
