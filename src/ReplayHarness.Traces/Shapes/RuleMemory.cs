using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// One call of a model or a tool in a run that may still go on. What a finding depends on beside the times, <see cref="Facts"/>, is always
/// remembered; so is the start of a call in flight.
/// </summary>
/// <param name="Attempt">The attempt it belongs to, from 1.</param>
/// <param name="Turn">How many turns the model had answered in the attempt when it began.</param>
/// <param name="Tool">The tool's name; null for a call of the model.</param>
/// <param name="Start">When it began, since the run began.</param>
/// <param name="End">When it ended; null while it is in flight.</param>
/// <param name="Error">What it failed with, or null.</param>
/// <param name="Facts">
/// One word for everything of the call that has no time: tool, arguments, id, attempt, turn, and, once it has ended, its outcome and how
/// many calls of the model began before.
/// </param>
internal readonly record struct CallSoFar(int Attempt, int Turn, string? Tool, TimeSpan Start, TimeSpan? End, CallError? Error, ulong Facts)
{
    /// <summary>
    /// The tools that an answer of the model asks for, a name for each call; empty for another call, and where the answer is not known.
    /// </summary>
    public IReadOnlyList<string> Asked
    {
        get => field ?? [];
        init;
    }

    /// <summary>How long it took; null while it is in flight.</summary>
    public TimeSpan? Duration => End - Start;

    /// <summary>True where it ended with a time-out.</summary>
    public bool TimedOut => Error is not null && ErrorClass.Of(Error) == ErrorClass.Timeout;
}

/// <summary>Two or more calls of one tool in one turn, made or asked for. A call that the model did not ask for is not foreseen.</summary>
/// <param name="Calls">Those made, in order of start.</param>
/// <param name="IsOpen">True while one is in flight or not made yet.</param>
internal sealed record SiblingsSoFar(IReadOnlyList<CallSoFar> Calls, bool IsOpen)
{
    /// <summary>How long each that answered took.</summary>
    public IEnumerable<TimeSpan> Answered => Calls.Where(c => c is { End: not null, Error: null }).Select(c => c.Duration!.Value);

    /// <summary>Says which siblings what follows speaks of.</summary>
    public void AddKey(IMemory memory)
    {
        memory.Add(Calls[0].Attempt);
        memory.Add(Calls[0].Turn);
        memory.Add(Calls[0].Tool);
    }
}

/// <summary>The calls of a run that may still go on, in order of start.</summary>
internal sealed class RunSoFar(IReadOnlyList<CallSoFar> calls)
{
    private List<SiblingsSoFar>? _siblings;

    public IReadOnlyList<CallSoFar> Calls => calls;

    /// <summary>The siblings of one tool, ordered by attempt, turn and name, so that the order of the calls is not in it.</summary>
    public IReadOnlyList<SiblingsSoFar> Siblings =>
        _siblings ??= [
            .. from turn in Turns
            from calls in turn.GroupBy(c => c.Tool!).OrderBy(g => g.Key, StringComparer.Ordinal)
            let made = calls.Count()
            let asked = AskedFor(turn.Key.Attempt, turn.Key.Turn, calls.Key)
            where made > 1 || asked > 1
            select new SiblingsSoFar([.. calls], made < asked || calls.Any(c => c.End is null)),
        ];

    /// <summary>The tool calls of each turn, ordered by attempt and turn.</summary>
    public IEnumerable<IGrouping<(int Attempt, int Turn), CallSoFar>> Turns =>
        calls.Where(c => c.Tool is not null).GroupBy(c => (c.Attempt, c.Turn)).OrderBy(g => g.Key);

    private int AskedFor(int attempt, int turn, string tool) =>
        calls.Where(c => c.Tool is null && c.Attempt == attempt && c.Turn == turn - 1).Sum(c => c.Asked.Count(name => name == tool));
}

/// <summary>Where a rule puts what must be remembered.</summary>
internal interface IMemory
{
    void Add(long value);

    void Add(string? text);
}

/// <summary>
/// What a rule needs to know of the calls so far, beyond what is always remembered (<see cref="CallSoFar"/>). The promise: two runs that
/// are in one state, with equal facts of their calls and equal memories of a rule, and that go on alike, end with findings of that rule of
/// equal identity. An exploration merges such runs. An observation is judged only where a user asks for it.
/// </summary>
internal delegate void RuleMemory(RunSoFar run, IMemory memory);

/// <summary>Memories that several rules share.</summary>
internal static class RuleMemories
{
    /// <summary>For a rule that looks at no duration and no order.</summary>
    public static RuleMemory None { get; } = static (_, _) => { };

    /// <summary>
    /// For an observation that looks at more than is remembered: where it is judged, no states are merged.
    /// </summary>
    public static RuleMemory Unbounded { get; } = static (_, _) => { };

    /// <summary>
    /// For a rule that looks at the run's own error: the last call that failed, in order of start, is what an attempt is said to have
    /// failed with. So the order of those that failed, and of those in flight, which may.
    /// </summary>
    public static RuleMemory OrderOfFailures { get; } =
        static (run, memory) =>
        {
            for (var i = 0; i < run.Calls.Count; i++)
            {
                var call = run.Calls[i];
                if (call is { End: not null, Error: null })
                    continue;
                memory.Add(call.End is null ? -1 : i);
                memory.Add((long)call.Facts);
            }
        };

    /// <summary>
    /// For a rule that asks who is a victim: what was cancelled long before a sibling failed is none, nor what began afterwards. So when
    /// the failed calls of a turn began and ended, where one of them was cancelled; and which in flight began before one had failed.
    /// </summary>
    public static RuleMemory Victims { get; } =
        static (run, memory) =>
        {
            foreach (var turn in run.Turns)
            {
                CallSoFar[] failed = [.. turn.Where(c => c is { End: not null, Error: not null }).OrderBy(c => c.Facts)];
                foreach (var flying in turn.Where(c => c.End is null).OrderBy(c => c.Facts).ThenBy(c => c.Start))
                foreach (var call in failed)
                {
                    memory.Add((long)flying.Facts);
                    memory.Add((long)call.Facts);
                    memory.Add(flying.Start < call.End ? 1 : 0);
                }
                if (!Array.Exists(failed, c => ErrorClass.Of(c.Error!) == ErrorClass.Cancelled))
                    continue;
                foreach (var call in failed)
                {
                    memory.Add((long)call.Facts);
                    memory.Add(call.Start.Ticks);
                    memory.Add(call.End!.Value.Ticks);
                }
            }
        };
}
