using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>How an agent's process ended.</summary>
/// <param name="ExitCode">Its exit code; null where it was ended.</param>
/// <param name="InTime">Whether it ended before its deadline.</param>
/// <param name="LastLine">What it printed last that says most, or null.</param>
/// <param name="Ticks">When.</param>
internal sealed record Ended(int? ExitCode, bool InTime, string? LastLine, long Ticks)
{
    /// <summary>What the run ended with, by its own spans, or by how its process ended; null where nothing went wrong.</summary>
    public CallError? FailureOf(IReadOnlyList<AgentRun> runs, List<BoundaryCall> calls)
    {
        var own = runs.LastOrDefault(r => r is { Root: not null, Failed: true })?.Error;
        if (ExitCode is null or 0)
            return own;
        // Of what it died, the call that nobody was told of says most.
        return own
            ?? calls
                .LastOrDefault(c =>
                    c is { Kind: BoundaryKind.Tool, Error: { } e }
                    && ErrorClass.Of(e) != ErrorClass.Cancelled
                    && !calls.Exists(m => m.Kind == BoundaryKind.Model && m.StartTicks >= c.EndTicks)
                )
                ?.Error
            ?? new CallError(
                FormattableString.Invariant($"exit code {ExitCode}"),
                LastLine ?? "the agent ended with an error and said nothing"
            );
    }
}
