using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis;

/// <summary>What a run used of the model, as far as it was recorded.</summary>
/// <param name="InputTokens">Tokens of all requests, or null.</param>
/// <param name="OutputTokens">Tokens of all answers, or null.</param>
/// <param name="Cost">The cost as recorded, mostly in US dollars; or null.</param>
public sealed record Usage(long? InputTokens, long? OutputTokens, double? Cost)
{
    private static readonly string[] s_input = ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "ai.usage.promptTokens", "llm.usage.prompt_tokens"];
    private static readonly string[] s_output = ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion", "ai.usage.completionTokens", "llm.usage.completion_tokens"];
    private static readonly string[] s_cost = ["gen_ai.usage.cost", "operation.cost", "llm.cost.total", "cost_usd", "cost"];

    /// <summary>The usage of a run's attempts, summed over its model calls.</summary>
    internal static Usage Of(IEnumerable<AgentRun> attempts)
    {
        Span[] calls = [.. attempts.SelectMany(a => a.ModelCalls).Select(m => m.Span)];
        return new(Sum(calls, s_input, n => (long)n), Sum(calls, s_output, n => (long)n), Sum(calls, s_cost, n => n));
    }

    private static T? Sum<T>(Span[] calls, string[] names, Func<double, T> of) where T : struct
    {
        double[] values = [.. calls.Select(s => Number(s, names)).OfType<double>()];
        return values.Length == 0 ? null : of(values.Sum());
    }

    private static double? Number(Span span, string[] names) =>
        span.Attributes.Text(names) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
