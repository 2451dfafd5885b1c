using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>
/// Of two calls of the same tool in one turn, one answered and the other timed out or took vastly longer: the mark of calls that disturb
/// each other.
/// </summary>
internal sealed class SiblingMismatch : Rule
{
    /// <summary>How many times longer than its fastest sibling a call must take.</summary>
    private const double Ratio = 10;

    /// <summary>And how much longer at the least, so that noise between fast calls does not count.</summary>
    private static readonly TimeSpan s_excess = TimeSpan.FromSeconds(5);

    public override string Name => "sibling-mismatch";

    public override FindingKind Kind => FindingKind.Cause;

    public override bool IsError => false;

    public override string Summary =>
        "Of sibling calls of one tool, one answered and another timed out, or took at least ten times as long (and 5 s more).";

    internal override RuleMemory Memory { get; } = Remember;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var siblings in run.Run.Turns.SelectMany(t => t.Calls.GroupBy(c => c.Name, StringComparer.Ordinal)))
        {
            var answered = siblings.Where(c => c.Error is null).MinBy(c => c.Span.Duration);
            if (answered is null)
                continue;
            foreach (var call in siblings.Where(c => c != answered && IsOutlier(run, c, answered)))
                yield return new(this, call.Name, ErrorClass.Timeout, Describe(call, answered), [answered.Span, call.Span]);
        }
    }

    // While a sibling may still answer: the fastest answer and the longest call. Then only what they amount to.
    private static void Remember(RunSoFar run, IMemory memory)
    {
        foreach (var siblings in run.Siblings)
        {
            TimeSpan[] ended = [.. siblings.Calls.Where(c => c is { End: not null, TimedOut: false }).Select(c => c.Duration!.Value)];
            if (ended.Length == 0)
                continue;
            siblings.AddKey(memory);
            TimeSpan[] answered = [.. siblings.Answered];
            if (siblings.IsOpen)
            {
                memory.Add(answered.Length == 0 ? -1 : answered.Min().Ticks);
                memory.Add(ended.Max().Ticks);
            }
            else
                memory.Add(answered.Length == 0 ? 0 : ended.Count(d => Outlasts(d, answered.Min())));
        }
    }

    /// <summary>True where a call timed out although its sibling answered, or took vastly longer.</summary>
    internal static bool IsOutlier(RunView run, ToolCall call, ToolCall answered) =>
        run.ClassOf(call) == ErrorClass.Timeout || Outlasts(call.Span.Duration, answered.Span.Duration);

    /// <summary>True where a call took vastly longer than another.</summary>
    internal static bool Outlasts(TimeSpan duration, TimeSpan other) => duration >= Ratio * other && duration - other >= s_excess;

    private static string Describe(ToolCall call, ToolCall answered)
    {
        var skew = TimeSpan.FromTicks(Math.Abs(call.Span.StartNanos - answered.Span.StartNanos) / 100);
        return $"two calls of {call.Name} began {Durations.Text(skew)} apart: one answered after {Durations.Text(answered.Span.Duration)}, "
            + $"the other {(call.Error is null ? "took" : "failed after")} {Durations.Text(call.Span.Duration)}";
    }
}
