using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Server.Driving;

/// <summary>How an agent's process ended.</summary>
/// <param name="ExitCode">Its exit code; null where it was ended.</param>
/// <param name="InTime">Whether it ended before its deadline.</param>
/// <param name="LastLine">What it printed last that says most, or null.</param>
/// <param name="Ticks">When.</param>
internal sealed record Ended(int? ExitCode, bool InTime, string? LastLine, long Ticks)
{
    /// <summary>
    /// What the run ended with: by its own spans, by its operations, or by how its process ended; null where nothing went wrong. A worker
    /// that logs its failure ends as if all were well.
    /// </summary>
    public CallError? FailureOf(IReadOnlyList<AgentRun> runs, List<BoundaryCall> calls)
    {
        if (OwnErrorOf(runs) is { } own)
            return own;
        if (ExitCode is null)
            return null;
        if (ExitCode == 0)
            return runs.Any(r => r.Root is not null) ? null : Untold(calls)?.Error;
        // Of what it died, the call that nobody was told of says most.
        return Untold(calls, BoundaryKind.Tool)?.Error
            ?? new CallError(
                FormattableString.Invariant($"exit code {ExitCode}"),
                LastLine ?? "the agent ended with an error and said nothing"
            );
    }

    /// <summary>
    /// The failed call after which the agent ended, though neither its exit code nor its span says that it failed, nor its span that it did
    /// not: whether it survived is not known. Null for none.
    /// </summary>
    public BoundaryCall? UnclearAfter(IReadOnlyList<AgentRun> runs, List<BoundaryCall> calls) =>
        ExitCode == 0 && FailureOf(runs, calls) is null && !runs.Any(r => r.Root?.Status == SpanStatus.Ok) ? Untold(calls) : null;

    // The agent's own span, or one above it: a job's, a message's.
    private static CallError? OwnErrorOf(IReadOnlyList<AgentRun> runs)
    {
        if (runs.LastOrDefault(r => r is { Root: not null, Failed: true }) is { } failed)
            return failed.Error;
        return runs.SelectMany(r => r.Spans.Take(1).SelectMany(r.Trace.AncestorsOf))
            .Where(s => s.Status == SpanStatus.Error)
            .Select(s => Errors.Of(s))
            .LastOrDefault(e => e is not null);
    }

    private static BoundaryCall? Untold(List<BoundaryCall> calls, BoundaryKind? kind = null) =>
        calls.LastOrDefault(c =>
            c is { Kind: not BoundaryKind.Http, Error: { } e }
            && (kind is null || c.Kind == kind)
            && ErrorClass.Of(e) != ErrorClass.Cancelled
            && !calls.Exists(m => m != c && m.Kind == BoundaryKind.Model && m.StartTicks >= c.EndTicks)
        );
}
