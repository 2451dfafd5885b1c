using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis;

/// <summary>What replays say of hypotheses.</summary>
internal sealed class ReplayJudge
{
    private const int MostRaces = 2;

    private readonly IReadOnlyList<ReplayEvidence> _replays;

    /// <exception cref="BadInputException">A replay is of another failure.</exception>
    public ReplayJudge(IReadOnlyList<ReplayEvidence> replays, string fingerprint)
    {
        foreach (var other in replays.Where(r => r.Fingerprint != fingerprint))
            throw new BadInputException(
                $"{other.File}: replayed the failure {other.Fingerprint}, this run has {fingerprint}; give a replay of a "
                    + $"fixture that was captured from this run, with all of its attempts"
            );
        _replays = replays;
    }

    /// <summary>Whether any replay reproduced the failure.</summary>
    public bool HasReproduced => _replays.SelectMany(r => r.Hypotheses).Any(h => h.Verdict == "reproduced");

    /// <summary>The first of a plan's hypotheses that was replayed decides.</summary>
    public (HypothesisState State, string? Judged) Judge(ReplayPlan plan)
    {
        foreach (var name in plan.Hypotheses)
        foreach (
            var replayed in _replays
                .SelectMany(r => r.Hypotheses)
                .Where(h => h.Name == name && h.Verdict is not ("diverged" or "not-established"))
        )
        {
            var shows = replayed.Verdict == "reproduced" || replayed.Remaining.Intersect(plan.Rules, StringComparer.Ordinal).Any();
            return (shows ? HypothesisState.Confirmed : HypothesisState.Refuted, string.Join(' ', Said(replayed)));
        }
        return (HypothesisState.Open, null);
    }

    private static IEnumerable<string> Said(ReplayedHypothesis replayed) =>
        [
            $"{replayed.Name}: {replayed.Verdict}.",
            replayed.Sentence,
            .. replayed.Races.Take(MostRaces).Select(race => $"{race}."),
            .. replayed.Races.Count > MostRaces
                ? [string.Create(CultureInfo.InvariantCulture, $"{replayed.Races.Count - MostRaces} more races.")]
                : (string[])[],
        ];
}
