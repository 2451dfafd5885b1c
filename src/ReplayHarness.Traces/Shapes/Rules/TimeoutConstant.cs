using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>A call lasted a round number of seconds and a little more: somebody's configured time-out passed inside it.</summary>
internal sealed class TimeoutConstant : Rule
{
    /// <summary>A call may last this much longer than the constant, as a part of it: what ran before and after the time-out.</summary>
    private const double Tolerance = 0.05;

    /// <summary>Or this much: a timer on a busy machine is late by as much, however short it is.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(50);

    /// <summary>Or this much where the call says itself that it timed out, so that only the constant is in question.</summary>
    private static readonly TimeSpan s_lateTimeout = TimeSpan.FromMilliseconds(100);

    // The values people configure, in milliseconds.
    private static readonly int[] s_constants =
    [
        100,
        200,
        250,
        300,
        500,
        750,
        1_000,
        1_500,
        2_000,
        2_500,
        3_000,
        4_000,
        5_000,
        8_000,
        10_000,
        12_000,
        15_000,
        20_000,
        25_000,
        30_000,
        40_000,
        45_000,
        50_000,
        60_000,
        90_000,
        100_000,
        120_000,
        150_000,
        180_000,
        240_000,
        300_000,
        600_000,
        900_000,
        1_200_000,
        1_800_000,
        3_600_000,
    ];

    public override string Name => "timeout-constant";

    public override FindingKind Kind => FindingKind.Cause;

    public override bool IsError => false;

    public override string Summary =>
        "A call that timed out, or that outlasted its sibling tenfold, lasted a round constant and at most 5% (or 50 ms; 100 "
        + "ms where it timed out) more.";

    internal override RuleMemory Memory { get; } = Remember;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var turn in run.Run.Turns)
        foreach (var call in turn.Calls.Where(c => IsSuspect(run, turn, c)))
            if (ConstantBelow(call.Span.Duration, call.Error is not null) is { } constant)
                yield return new(
                    this,
                    call.Name,
                    ErrorClass.Timeout,
                    $"{call.Name} lasted {Durations.Text(call.Span.Duration)}, just above a time-out of {Durations.Text(constant)}",
                    [call.Span]
                );
    }

    // Of calls that timed out how long they took. Of those that answered the longest that lies just above a constant, and whether it
    // outlasts a sibling.
    private static void Remember(RunSoFar run, IMemory memory)
    {
        foreach (var call in run.Calls.Where(c => c.TimedOut).OrderBy(c => c.Facts).ThenBy(c => c.Duration))
        {
            memory.Add((long)call.Facts);
            memory.Add(call.Duration!.Value.Ticks);
        }
        foreach (var siblings in run.Siblings)
        {
            TimeSpan[] answered = [.. siblings.Answered];
            TimeSpan[] suspects = [.. answered.Where(d => ConstantBelow(d, timedOut: false) is not null)];
            if (suspects.Length == 0)
                continue;
            siblings.AddKey(memory);
            if (siblings.IsOpen)
            {
                memory.Add(answered.Min().Ticks);
                memory.Add(suspects.Max().Ticks);
            }
            else
                memory.Add(suspects.Count(d => SiblingMismatch.Outlasts(d, answered.Min())));
        }
    }

    /// <summary>The round constant that a duration lies just above, or null.</summary>
    /// <param name="duration">How long the call lasted.</param>
    /// <param name="timedOut">Whether it says itself that it timed out.</param>
    internal static TimeSpan? ConstantBelow(TimeSpan duration, bool timedOut)
    {
        var late = timedOut ? s_lateTimeout : s_late;
        var constant = TimeSpan.FromMilliseconds(s_constants.LastOrDefault(ms => ms <= duration.TotalMilliseconds));
        return constant > TimeSpan.Zero && (duration <= constant * (1 + Tolerance) || duration <= constant + late) ? constant : null;
    }

    private static bool IsSuspect(RunView run, Turn turn, ToolCall call)
    {
        if (call.Error is not null)
            return run.ClassOf(call) == ErrorClass.Timeout;
        return turn.Calls.Any(s => s != call && s.Name == call.Name && s.Error is null && SiblingMismatch.IsOutlier(run, call, s));
    }
}
