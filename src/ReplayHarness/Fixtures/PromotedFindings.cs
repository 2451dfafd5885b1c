using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// Observations that an incident is captured for: its agent told the error to the model and went on, say, which is no failure elsewhere.
/// </summary>
/// <param name="Named">The rules that a user named, to be judged beyond the usual.</param>
/// <param name="HowTo">How a user names a rule to judge.</param>
internal sealed record PromotedFindings(IReadOnlyList<string> Named, Func<string, string> HowTo)
{
    /// <summary>None.</summary>
    public static PromotedFindings None { get; } = new([], static rule => $"name {rule} in CaptureOptions.Findings");

    /// <summary>Those of the named rules that count nowhere else; one that always counts needs no promotion.</summary>
    public IReadOnlyList<string> Rules { get; } = [.. Named.Where(IsObservation).Distinct(StringComparer.Ordinal)];

    private static readonly string s_offered =
        $"rules that can be named are {string.Join(", ", RuleTable.All.Where(CanBePromoted).Select(r => r.Name))}";

    /// <summary>Whether there is something to capture.</summary>
    /// <exception cref="BadInputException">There is not, or a rule that was named does not hold, or cannot be judged.</exception>
    public void Check(string selected, InspectedRun[] attempts, FailureShape shape)
    {
        foreach (var rule in Named)
            if (Refusal(rule, shape) is { } refusal)
                throw new BadInputException($"{selected}: {refusal}");
        if (!shape.IsHealthy)
            return;
        Finding[] observed = [.. attempts.SelectMany(a => a.Findings).Where(f => CanBePromoted(f.Rule)).DistinctBy(f => f.Rule.Name)];
        throw new BadInputException(
            $"{selected}: nothing went wrong in the selected runs; there is no failure to capture"
                + string.Concat(observed.Select(f => $". But {f.Message}: to capture that, {HowTo(f.Rule.Name)}"))
        );
    }

    private static string? Refusal(string rule, FailureShape shape) =>
        RuleTable.Find(rule) switch
        {
            null => $"there is no rule {rule}; {s_offered}",
            { NotJudged: { } why } => $"{rule} cannot be judged by a replay: {why}; {s_offered}",
            _ when shape.Identity.All(i => i.Rule != rule) => $"the rule {rule} holds in none of the selected runs",
            _ => null,
        };

    private static bool IsObservation(string rule) => RuleTable.Find(rule) is { Kind: FindingKind.Observation };

    private static bool CanBePromoted(Rule rule) => rule is { Kind: FindingKind.Observation, NotJudged: null };
}
