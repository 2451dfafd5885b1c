using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Evidence;

/// <summary>Where an incident stands.</summary>
internal enum IncidentState
{
    /// <summary>Nothing was verified yet.</summary>
    Open,

    /// <summary>The failure was shown again; there is no fix.</summary>
    Reproduced,

    /// <summary>With the fix the run survives, but the cause remains.</summary>
    SymptomRemoved,

    /// <summary>With the fix the cause is gone, but the run would still die of it.</summary>
    CauseRemoved,

    /// <summary>With the fix symptom and cause are gone: it can be closed.</summary>
    Removed,

    /// <summary>With the fix the run survives; the cause lies outside the agent, and nobody has decided to close it so.</summary>
    Survives,

    /// <summary>As before, and a person has decided to close it, and said why.</summary>
    Outside,

    /// <summary>What was tried as a fix is none, or nothing was established.</summary>
    NotRemoved,

    /// <summary>Fixture, agent or harness changed since it was verified.</summary>
    Stale,
}

/// <summary>Where an incident stands, and why.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">A sentence.</param>
/// <param name="Evidence">What was shown, or null.</param>
internal sealed record IncidentStatus(string Incident, IncidentState State, string Reason, EvidenceFile? Evidence)
{
    /// <summary>Whether it can be closed.</summary>
    public bool CanClose => State is IncidentState.Removed or IncidentState.Outside;

    /// <summary>
    /// Whether nothing speaks against it as it stands: an incident that is open is no obstacle, a fix that does not hold is one.
    /// </summary>
    public bool Passes => CanClose || State is IncidentState.Open or IncidentState.Reproduced;

    /// <summary>The status of an incident.</summary>
    /// <param name="expectations">Its <c>expected.json</c>.</param>
    /// <param name="folder">The folder that file lies in.</param>
    /// <param name="assembly">The assembly that holds the drivers.</param>
    public static IncidentStatus Of(Expectations expectations, string folder, string assembly)
    {
        IncidentStatus As(IncidentState state, string reason, EvidenceFile? of = null) => new(expectations.Incident, state, reason, of);
        if (EvidenceFile.Load(folder) is not { } evidence)
            return As(IncidentState.Open, "no evidence yet");
        if (WhyStale(evidence, expectations.FixturePath, assembly) is { } stale)
            return As(IncidentState.Stale, stale, evidence);
        if (evidence.Broken.Verdict != VerdictKind.Reproduced)
            return As(
                IncidentState.NotRemoved,
                $"the agent as it failed does not reproduce it ({evidence.Broken.Verdict.Text()}), so a fix shows nothing",
                evidence
            );
        if (evidence.Fixed is null)
            return As(IncidentState.Reproduced, "it happens again; there is no fix", evidence);
        return evidence is { Fixed.Verdict: VerdictKind.Survives, Outside: { } reason }
            ? As(IncidentState.Outside, $"closed by decision: {reason}", evidence)
            : As(StateOf(evidence.Fixed.Verdict), evidence.Fixed.Sentence, evidence);
    }

    /// <summary>
    /// Notes in its evidence that a person closes the incident although its cause lies outside the agent. Gives how it stands then.
    /// </summary>
    /// <param name="folder">The incident's folder.</param>
    /// <param name="reason">Why.</param>
    /// <exception cref="BadInputException">It does not stand so that this is all that is missing.</exception>
    public IncidentStatus CloseOutside(string folder, string reason)
    {
        if (State is not (IncidentState.Survives or IncidentState.Outside))
            throw new BadInputException(
                $"{Incident} is {State.Text()}: {Reason}; only an incident that its agent survives in every schedule, with a cause outside "
                    + "of it, is closed by decision"
            );
        var decided = Evidence! with { Outside = reason };
        decided.Save(folder);
        return this with { State = IncidentState.Outside, Reason = $"closed by decision: {reason}", Evidence = decided };
    }

    /// <summary>The same, where a race between two awaits that is left is as bad as a failure.</summary>
    public IncidentStatus WithoutRaces()
    {
        if (!CanClose || Evidence?.Fixed is not { } mended)
            return this;
        if (mended.LookedForRaces != true)
            return this with
            {
                State = IncidentState.NotRemoved,
                Reason = "no races were looked for when it was verified; verify it again",
            };
        string[] left = [.. JudgedRace.Left(mended.Hypotheses.SelectMany(h => h.Races))];
        return left.Length == 0
            ? this
            : this with
            {
                State = IncidentState.NotRemoved,
                Reason =
                    $"a race between two awaits remains on {string.Join(", and one on ", left)}; mend it, or say under \"ordered\" of "
                    + "the fixture what puts it in order",
            };
    }

    private static IncidentState StateOf(VerdictKind verdict) =>
        verdict switch
        {
            VerdictKind.Removed => IncidentState.Removed,
            VerdictKind.SymptomRemoved => IncidentState.SymptomRemoved,
            VerdictKind.CauseRemoved => IncidentState.CauseRemoved,
            VerdictKind.Survives => IncidentState.Survives,
            _ => IncidentState.NotRemoved,
        };

    private static string? WhyStale(EvidenceFile evidence, string fixture, string assembly)
    {
        if (!File.Exists(assembly))
            return $"{assembly} is not built";
        if (evidence.Harness != EvidenceFile.HarnessVersion)
            return $"the harness was {evidence.Harness}, and is {EvidenceFile.HarnessVersion}";
        if (evidence.FixtureHash != EvidenceFile.HashOf(fixture))
            return "the fixture changed since it was verified";
        if (evidence.Fixed is { } mended && !mended.IsOf(assembly))
            return $"the agent{(mended.Driver is null ? "" : $" {mended.Driver}")} changed since it was verified";
        return !IsEarlier(evidence) && !evidence.Broken.IsOf(assembly) ? "the agent as it failed changed since it was verified" : null;
    }

    // What was built at a commit stays as it was. So does an earlier build of the mended driver: no assembly holds both.
    private static bool IsEarlier(EvidenceFile evidence) =>
        evidence.Broken.Ref is not null
        || (
            evidence.Fixed is { } mended
            && (mended.Assembly, mended.Driver) == (evidence.Broken.Assembly, evidence.Broken.Driver)
            && mended.AgentHash != evidence.Broken.AgentHash
        );
}
