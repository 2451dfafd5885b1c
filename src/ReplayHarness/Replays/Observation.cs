using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>What only the carrier of a schedule knows of it.</summary>
internal sealed record ScheduleFacts
{
    /// <summary>See <see cref="ScheduleResult.LogHash"/>.</summary>
    public required ulong LogHash { get; init; }

    /// <summary>How it ended.</summary>
    public required KernelEnd End { get; init; }

    /// <summary>When it ended, in ticks since its start.</summary>
    public required long EndTicks { get; init; }

    /// <summary>What the agent's run ended with; null where nothing went wrong.</summary>
    public required CallError? Failure { get; init; }

    /// <summary>Whether the agent ended as an agent does that has done its work.</summary>
    public required bool EndedWell { get; init; }

    /// <summary>See <see cref="ScheduleResult.Events"/>.</summary>
    public required IReadOnlyList<KernelEvent> Events { get; init; }

    /// <summary>See <see cref="ScheduleResult.Choices"/>.</summary>
    public required IReadOnlyList<int> Choices { get; init; }

    /// <summary>See <see cref="ScheduleResult.Uncontrolled"/>.</summary>
    public required IReadOnlyList<string> Uncontrolled { get; init; }

    /// <summary>See <see cref="ScheduleResult.Remedies"/>.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>See <see cref="ScheduleResult.Deadlock"/>.</summary>
    public string? Deadlock { get; init; }

    /// <summary>See <see cref="ScheduleResult.Endless"/>.</summary>
    public string? Endless { get; init; }

    /// <summary>Whether the agent gave an answer; null where nobody can tell.</summary>
    public bool? Answered { get; init; }

    /// <summary>What nobody caught after the run had ended; null where there was nothing.</summary>
    public CallError? LateCrash { get; init; }

    /// <summary>Which types of the agent's could not be initialised, as sentences without their full stops.</summary>
    public IReadOnlyList<string> FailedInitialisers { get; init; } = [];

    /// <summary>See <see cref="ScheduleResult.Faults"/>.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>See <see cref="ScheduleResult.Inert"/>.</summary>
    public IReadOnlyCollection<string> Inert { get; init; } = [];
}

/// <summary>Makes of calls, the agent's own spans and a clock what a schedule showed.</summary>
internal static class Observation
{
    /// <summary>The result of a schedule that has ended.</summary>
    /// <param name="context">How far the recording was played.</param>
    /// <param name="calls">All calls, in order of time.</param>
    /// <param name="own">The agent's own spans.</param>
    /// <param name="write">The clock of its trace.</param>
    /// <param name="facts">What its carrier knows.</param>
    /// <param name="judges">Judges its trace.</param>
    /// <param name="spans">Its spans, where they had to be written before; see <see cref="SpansOf"/>.</param>
    public static ScheduleResult Of(
        ReplayContext context,
        IReadOnlyList<BoundaryCall> calls,
        IReadOnlyList<AgentSpan> own,
        ReplaySpans write,
        ScheduleFacts facts,
        JudgedTraces judges,
        IReadOnlyList<Span>? spans = null
    )
    {
        spans ??= SpansOf(context, calls, own, write, facts.Failure, facts.EndTicks);
        var ended = facts is { Failure: null, EndedWell: true, Faults.Count: 0 };
        var exercise = ended ? Exercise.Of(context, calls, facts.Answered) : Exercise.OfFailure(context, facts.Failure);
        var judged = judges.Of(write.TraceId, LateSpans.In(spans, calls, exercise, facts));
        return new()
        {
            LogHash = facts.LogHash,
            End = facts.End,
            Events = facts.Events,
            Choices = facts.Choices,
            Deadlock = facts.Deadlock,
            Faults = facts.Faults,
            Endless = facts.Endless,
            Left = Left(calls),
            VirtualTime = TimeSpan.FromTicks(facts.EndTicks),
            Judged = judged,
            Imposed = ImposedFindings.Of(calls, judged, judges.Known),
            Overlapped = context.Overlapped,
            HasSiblings = context.Conversation.AskedForSeveral,
            Divergence = context.Divergence,
            Exercise = ended
                ? exercise with
                {
                    Missing = [.. facts.FailedInitialisers, .. NeverMade(context, calls), .. exercise.Missing],
                }
                : exercise,
            Inert = facts.Inert,
            Replaced = context.Replaced,
            Uncontrolled = facts.Uncontrolled,
            Remedies = ShortenedResults.AreUndeclared(judged, judges.Known)
                ? [.. facts.Remedies, Remedy.DeclareShortening]
                : facts.Remedies,
            Drift = [.. context.Drift, .. ShortenedResults.Drift(judged, judges.Known)],
        };
    }

    /// <summary>The spans of a schedule's trace as they are when its run ends: what goes on then may change the agent's own.</summary>
    public static IReadOnlyList<Span> SpansOf(
        ReplayContext context,
        IReadOnlyList<BoundaryCall> calls,
        IReadOnlyList<AgentSpan> own,
        ReplaySpans write,
        CallError? failure,
        long endTicks
    ) => ReplayTrace.SpansOf(write, new(calls, own, context.Conversation.Attempt, failure, endTicks));

    private static Dictionary<string, int> Left(IReadOnlyList<BoundaryCall> calls)
    {
        var left = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var chain in calls.Where(c => c is { Owner: not null, Operation: not null }).GroupBy(c => c.Owner))
        {
            var count = chain.Count();
            foreach (var call in chain)
                left[call.Operation!.Label] = count--;
        }
        return left;
    }

    private static string[] NeverMade(ReplayContext context, IEnumerable<BoundaryCall> calls)
    {
        var (index, requested) = (context.Index, context.Conversation.Requested);
        var made = calls
            .Where(c => c is { Kind: BoundaryKind.Tool, IsCancelledAtOnce: false })
            .Select(c => (index.Fixture.Aliases.GetValueOrDefault(c.Name, c.Name), c.Arguments!))
            .ToHashSet();
        return
        [
            .. index
                .Calls.Where(c => c.First.Error is not null && requested.Contains(c.Key) && !made.Contains(c.Key))
                .Select(c =>
                    $"the agent never made the call that failed, {c.Key.Tool} {c.Key.Arguments}, so nothing shows that it would survive it"
                ),
        ];
    }
}
