using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// Observations that an incident is captured for: its agent told the error to the model and went on, which is no failure elsewhere.
/// </summary>
/// <param name="Rules">The rules that are judged beyond the usual.</param>
/// <param name="HowTo">How a user names a rule to judge.</param>
internal sealed record PromotedFindings(IReadOnlyList<string> Rules, Func<string, string> HowTo)
{
    // What a replay can show gone, and what needs no memory of times: others speak of the telemetry, or only in English.
    private const string Offered = "handled-tool-error";

    /// <summary>None.</summary>
    public static PromotedFindings None { get; } = new([], static rule => $"name {rule} in CaptureOptions.Findings");

    /// <summary>Whether there is something to capture.</summary>
    /// <exception cref="BadInputException">There is not, or a rule that was named does not hold.</exception>
    public void Check(string selected, InspectedRun[] attempts, FailureShape shape)
    {
        foreach (var rule in Rules)
            if (rule != Offered)
                throw new BadInputException($"{selected}: {rule} is no finding that can be judged beyond the usual; only {Offered} is");
            else if (shape.Identity.All(i => i.Rule != rule))
                throw new BadInputException($"{selected}: the rule {rule} holds in none of the selected runs");
        if (!shape.IsHealthy)
            return;
        var told = attempts.SelectMany(a => a.Findings).FirstOrDefault(f => f.Rule.Name == Offered);
        throw new BadInputException(
            $"{selected}: nothing went wrong in the selected runs; there is no failure to capture"
                + (told is null ? "" : $". But {told.Message}: to capture that, {HowTo(Offered)}")
        );
    }
}
