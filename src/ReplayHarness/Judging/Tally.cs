using System.Numerics;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Races;
using ReplayHarness.Shapes;
using ReplayHarness.Shapes.Rules;

namespace ReplayHarness.Judging;

/// <summary>How the schedules of one hypothesis were explored.</summary>
/// <param name="Runs">How many ran.</param>
/// <param name="Exhaustive">Whether they stand for all.</param>
/// <param name="LatencyModel">The latency model.</param>
/// <param name="Note">What else is to be said, or null.</param>
internal sealed record Coverage(int Runs, bool Exhaustive, string LatencyModel, string? Note = null)
{
    /// <summary>None ran.</summary>
    public static Coverage None { get; } = new(0, false, "none");

    /// <summary>The same, with more to be said.</summary>
    public Coverage With(string more) => this with { Note = Note is null ? more : $"{Note}; {more}" };
}

/// <summary>Collects what the schedules of one hypothesis show, and judges it by the definitions of <see cref="VerdictKind"/>.</summary>
/// <param name="hypothesis">The hypothesis.</param>
/// <param name="outside">Which findings of the incident have their cause outside the agent; null for the usual ones.</param>
internal sealed class Tally(Hypothesis hypothesis, OutsideCause? outside = null)
{
    private readonly Dictionary<FindingIdentity, BigInteger> _emergent = [];
    private readonly Dictionary<FindingIdentity, BigInteger> _imposed = [];
    private readonly Dictionary<string, (FailureShape Shape, BigInteger Count)> _shapes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _drift = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _uncontrolled = new(StringComparer.Ordinal);
    private readonly List<Divergence> _divergences = [];
    private readonly List<Doubt> _doubts = [];
    private readonly List<JudgedRace> _races = [];
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unclear = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _departures = new(StringComparer.Ordinal);
    private readonly SortedSet<Remedy> _remedies = [];
    private BigInteger _represented,
        _overlapped,
        _failing;
    private bool _all,
        _hasSiblings,
        _swallows,
        _stillRefused;
    private string? _deadlock;

    private const string NothingToJudge = "none of the captured findings could have shown here, or the mock imposed them";

    public IReadOnlyCollection<string> Uncontrolled => _uncontrolled;

    /// <summary>Why nothing is established, as sentences without their full stops.</summary>
    public IEnumerable<string> Doubts => _doubts.Select(d => d.Reason);

    /// <summary>Notes why nothing is established.</summary>
    public void Note(Doubt doubt)
    {
        if (!_doubts.Contains(doubt))
            _doubts.Add(doubt);
    }

    private void Doubt(string reason, Remedy? remedy = null) => Note(new(reason, remedy));

    /// <summary>Notes that the replay is not the one that was asked for.</summary>
    public void Diverge(string reason) => _divergences.Add(new(reason, null, []));

    /// <summary>Adds a race that was looked for.</summary>
    public void Add(JudgedRace race)
    {
        _races.Add(race);
        if (race.Weight != RaceWeight.Forbidden)
            return;
        var rule = race.Race.Kind == RaceKind.LockOrder ? RaceRule.LockOrder : RaceRule.UnsafeSharing;
        var identity = new FindingIdentity(rule.Name, "run", race.Race.Shared);
        _emergent[identity] = _emergent.GetValueOrDefault(identity) + BigInteger.One;
    }

    /// <summary>Adds a schedule, and as many more with the same outcome as it stands for.</summary>
    public void Add(ScheduleResult schedule, BigInteger count)
    {
        _represented += count;
        _hasSiblings |= schedule.HasSiblings;
        if (schedule.Overlapped)
            _overlapped += count;
        FindingIdentity[] emergent = [.. schedule.Emergent.Select(f => f.Identity).Distinct()];
        foreach (var identity in emergent)
            _emergent[identity] = _emergent.GetValueOrDefault(identity) + count;
        foreach (var identity in schedule.Imposed)
            _imposed[identity] = _imposed.GetValueOrDefault(identity) + count;
        if (hypothesis.IsOfHealthyRun ? hypothesis.Fails(schedule) : emergent.Any(hypothesis.Judges.Contains))
            _failing += count;
        else
            NoteExercise(schedule.Exercise);
        var judged = hypothesis.Judges.Where(i => emergent.Contains(i) || (!schedule.Imposed.Contains(i) && CanShow(i))).ToList();
        _all |= judged.Count > 0 && judged.TrueForAll(emergent.Contains);
        var shape = schedule.Shape;
        _shapes[shape.Fingerprint] = (shape, _shapes.GetValueOrDefault(shape.Fingerprint).Count + count);
        _drift.UnionWith(schedule.Drift);
        _uncontrolled.UnionWith(schedule.Uncontrolled);
        NoteDoubtsOf(schedule);
        _deadlock ??= schedule.Deadlock;
    }

    // A schedule that shows the failure speaks for itself.
    private void NoteExercise(Exercise exercise)
    {
        _missing.UnionWith(exercise.Missing);
        _unclear.UnionWith(exercise.Unclear);
        _departures.UnionWith(exercise.Departures);
        _swallows |= exercise.Swallows;
        _stillRefused |= exercise.IsStillRefused;
    }

    private void NoteDoubtsOf(ScheduleResult schedule)
    {
        if (schedule.Divergence is { } divergence && _divergences.TrueForAll(d => $"{d}" != $"{divergence}"))
            _divergences.Add(divergence);
        if (schedule.Endless is { } endless)
            Doubt(endless);
        if (schedule.End == KernelEnd.LeftSchedule)
            Doubt("the same choices led elsewhere when they were taken again: something decides that is not controlled");
        foreach (var what in schedule.Uncontrolled)
            Doubt($"uncontrolled: {what}");
        _remedies.UnionWith(schedule.Remedies);
    }

    public HypothesisVerdict Judge(Coverage coverage)
    {
        // A race that was claimed and never ran as one is not shown to be gone.
        if (
            !coverage.Exhaustive
            && coverage.Runs > 1
            && _overlapped.IsZero
            && _failing.IsZero
            && hypothesis.Judges.Any(i => i.Rule is "sibling-mismatch" or "overlapping-siblings")
        )
            Doubt(
                "sibling calls never overlapped in the schedules that were sampled, so nothing shows that they no longer "
                    + "disturb each other",
                Remedy.ExploreAllSchedules
            );
        var kind = Kind();
        var verdict = new HypothesisVerdict
        {
            Name = hypothesis.Name,
            Verdict = kind,
            Calibrated = !_doubts.Exists(d => d.OfCalibration),
            Sentence = "",
            Schedules = new(
                coverage.Runs,
                _represented,
                coverage.Exhaustive,
                _overlapped,
                _failing,
                coverage.LatencyModel,
                NoteOf(coverage)
            ),
            Shapes =
            [
                .. _shapes
                    .Values.OrderByDescending(s => s.Count)
                    .ThenBy(s => s.Shape.Fingerprint, StringComparer.Ordinal)
                    .Select(s => new CountedShape(s.Shape.Fingerprint, s.Shape.ToString(), s.Count)),
            ],
            Findings =
            [
                .. Gone().Select(i => Describe(i, FindingState.Removed, 0)),
                .. hypothesis.Judges.Where(_emergent.ContainsKey).Select(i => Describe(i, FindingState.Remaining, _emergent[i])),
                .. Appeared().Select(i => Describe(i, FindingState.Appeared, _emergent[i])),
                .. _imposed.OrderBy(i => i.Key).Select(i => Describe(i.Key, FindingState.Imposed, i.Value)),
                .. hypothesis.Judges.Where(IsHidden).Select(i => Describe(i, FindingState.Unjudged, 0)),
            ],
            Reasons =
                kind == VerdictKind.Diverged ? [.. _divergences.SelectMany(d => d.Lines())]
                : kind == VerdictKind.NotEstablished ? WhyNotEstablished()
                : [],
            Remedies =
                kind == VerdictKind.Diverged ? [.. _divergences.Select(d => d.Remedy).OfType<Remedy>().Distinct()]
                : kind == VerdictKind.NotEstablished
                    ? [.. _doubts.Select(d => d.Remedy).OfType<Remedy>().Concat(_remedies).Concat(OfUnclear()).Distinct()]
                : Appeared().Any() ? [.. _remedies]
                : [],
            Departures = [.. _departures],
            Races = [.. _races.OrderBy(r => r.Weight)],
            HasSiblings = _hasSiblings,
            Swallows = _swallows,
            IsStillRefused = _stillRefused,
            Drift = [.. _drift.OrderBy(d => !d.StartsWith(Conversation.Stale, StringComparison.Ordinal))],
        };
        return verdict with { Sentence = Sentences.Of(verdict) };
    }

    private string? NoteOf(Coverage coverage) =>
        _deadlock is null ? coverage.Note
        : coverage.Note is null ? $"deadlock: {_deadlock}"
        : $"{coverage.Note}; deadlock: {_deadlock}";

    private VerdictKind Kind()
    {
        if (_divergences.Count > 0)
            return VerdictKind.Diverged;
        if (_doubts.Count > 0)
            return VerdictKind.NotEstablished;
        if (hypothesis.IsOfHealthyRun && Appeared().Any())
            return VerdictKind.Changed;
        if (_all)
            return VerdictKind.Reproduced;
        if (!_failing.IsZero)
            return VerdictKind.PartlyRemoved;
        if (_missing.Count > 0)
            return VerdictKind.NotEstablished;
        if (Appeared().Any())
            return VerdictKind.Changed;
        if (_unclear.Count > 0)
            return VerdictKind.NotEstablished;
        return hypothesis.IsOfHealthyRun || Gone().Any() ? VerdictKind.Removed : VerdictKind.NotEstablished;
    }

    private string[] WhyNotEstablished() =>
        _doubts.Count > 0 ? [.. _doubts.Select(d => d.Reason)]
        : _missing.Count > 0 || _unclear.Count > 0 ? [.. _missing, .. _unclear]
        : [NothingToJudge];

    private IEnumerable<Remedy> OfUnclear() => _unclear.Count > 0 ? [Remedy.DeclareRewording] : [];

    // Captured, and no schedule shows it, though one could have. What a mock imposed is neither gone nor there.
    private IEnumerable<FindingIdentity> Gone() =>
        hypothesis.Judges.Where(i => !_emergent.ContainsKey(i) && !_imposed.ContainsKey(i) && CanShow(i));

    private bool CanShow(FindingIdentity identity) => hypothesis.CanShow(identity, outside ?? OutsideCause.Usual);

    private bool IsHidden(FindingIdentity identity) =>
        !_emergent.ContainsKey(identity) && !_imposed.ContainsKey(identity) && !CanShow(identity);

    private IEnumerable<FindingIdentity> Appeared() =>
        _emergent.Keys.Where(i => !hypothesis.Judges.Contains(i) && RuleTable.Find(i.Rule)!.IsError).Order();

    private static JudgedFinding Describe(FindingIdentity identity, FindingState state, BigInteger schedules) =>
        new(identity.Rule, identity.Role, identity.ErrorClass, KindOf(identity), state, schedules);

    /// <summary>Whether a finding speaks of the cause or of the symptom.</summary>
    public static FindingKind KindOf(FindingIdentity identity) =>
        RuleTable.Find(identity.Rule)?.Kind == FindingKind.Cause ? FindingKind.Cause : FindingKind.Symptom;
}
