namespace ReplayHarness.Host.Races;

/// <summary>
/// Parallel loops of agent code: one worker runs all iterations here, and yet two of them may race. They are dealt to a few chains, so that
/// two which would race are in two of them; the loop ends after all.
/// </summary>
public static class RaceLoops
{
    /// <summary>The body of a loop.</summary>
    public static Action<T> Body<T>(Action<T> body) => Begin() is { } loop ? item => loop.Run(() => body(item)) : body;

    /// <summary>The body of a loop that may break off.</summary>
    public static Action<T, TState> Body<T, TState>(Action<T, TState> body) =>
        Begin() is { } loop ? (item, state) => loop.Run(() => body(item, state)) : body;

    /// <summary>The body of a loop that knows its number.</summary>
    public static Action<T, TState, TNumber> Body<T, TState, TNumber>(Action<T, TState, TNumber> body) =>
        Begin() is { } loop ? (item, state, number) => loop.Run(() => body(item, state, number)) : body;

    /// <summary>Calls side by side.</summary>
    public static Action[] Bodies(Action[] bodies) =>
        Begin() is { } loop ? [.. bodies.Select(body => (Action)(() => loop.Run(body)))] : bodies;

    /// <summary>The loop that began last has ended.</summary>
    public static void End()
    {
        if (RaceDetector.Here is { } here)
            here.EndLoop();
    }

    /// <summary>A loop that awaits: its task ends after everything before.</summary>
    public static void Hear(Task task)
    {
        if (RaceDetector.Here is { } here)
            here.HearLoop(task);
    }

    private static RaceLoop? Begin() => RaceDetector.Here?.BeginLoop();
}

/// <summary>A parallel loop that runs.</summary>
/// <param name="before">What was known where it began.</param>
internal sealed class RaceLoop(Origin before)
{
    private const int Several = 4;

    private readonly Origin[] _chains = [.. Enumerable.Repeat(before, Several)];
    private int _next;

    /// <summary>What its iterations knew at their ends.</summary>
    public Clock Ended { get; private set; } = before.Clock;

    /// <summary>Runs an iteration.</summary>
    public void Run(Action body)
    {
        if (RaceDetector.Here is not { } here)
        {
            body();
            return;
        }
        var chain = _next++ % Several;
        here.Inside(
            _chains[chain],
            body,
            () =>
            {
                _chains[chain] = here.Known();
                Ended = Ended.Join(_chains[chain].Clock, always: true);
            }
        );
    }
}
