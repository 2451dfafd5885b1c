using System.Globalization;
using System.Text.Json.Serialization;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Which schedules of a fixture are replayed: how things may be ordered, delayed or go wrong. Made by its factory members; a new kind is a
/// type of its own, which explores itself.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CapturedSchedule), "captured")]
[JsonDerivedType(typeof(AllSchedules), "all")]
[JsonDerivedType(typeof(DrawnSchedules), "drawn")]
[JsonDerivedType(typeof(JitteredSchedules), "jitter")]
[JsonDerivedType(typeof(FaultySchedules), "faults")]
[JsonDerivedType(typeof(WrittenSchedule), "file")]
[JsonDerivedType(typeof(RaceSchedules), "races")]
[JsonDerivedType(typeof(SteppedSchedule), "steps")]
public abstract record Schedules
{
    private protected Schedules() { }

    private protected const string Undisturbed = "latencies as captured; code between two awaits ran undisturbed";

    /// <summary>Only the captured one: everything happens when it did.</summary>
    public static Schedules Captured { get; } = new CapturedSchedule();

    /// <summary>Every order of answers and timers.</summary>
    public static Schedules All { get; } = new AllSchedules(Items: false);

    /// <summary>As <see cref="All"/>, and also every order of work items that are ready at once.</summary>
    public static Schedules AllWithItems { get; } = new AllSchedules(Items: true);

    /// <summary>The captured one, and those in which code is stopped between two awaits where it races.</summary>
    public static Schedules Races { get; } = new RaceSchedules();

    /// <summary>Random ones, of which every order is about equally likely.</summary>
    /// <param name="count">How many; above 0.</param>
    public static Schedules Random(int count) => new DrawnSchedules(Positive(count), DrawnStrategies.Default);

    /// <summary>Random ones by probabilistic concurrency testing, for bugs that need several ordering constraints.</summary>
    /// <param name="count">How many; above 0.</param>
    /// <param name="depth">How many ordering constraints the bug needs; above 0.</param>
    public static Schedules Pct(int count, int depth) =>
        new DrawnSchedules(Positive(count), string.Create(CultureInfo.InvariantCulture, $"pct:{Positive(depth)}"));

    /// <summary>Random ones in which every latency is shorter or longer than captured, and timers may win.</summary>
    /// <param name="count">How many; above 0.</param>
    /// <param name="percent">By how much at most, in percent; 1 to 99.</param>
    public static Schedules Jitter(int count, int percent) =>
        percent is >= 1 and <= 99
            ? new JitteredSchedules(Positive(count), percent)
            : throw new ArgumentOutOfRangeException(nameof(percent), percent, "expected 1 to 99 percent");

    /// <summary>Every placement of faults (time-out, error, hang, empty, slow), in the captured order.</summary>
    /// <param name="most">How many faults at most; above 0.</param>
    public static Schedules Faults(int most) => new FaultySchedules(Positive(most));

    /// <summary>Exactly the schedule of a file; the replay diverges where it cannot be followed.</summary>
    /// <param name="path">The file.</param>
    public static Schedules FromFile(string path) => new WrittenSchedule(Path.GetFullPath(path));

    /// <summary>One: the captured one, except at the steps for which something else is chosen.</summary>
    /// <param name="choices">What is chosen, each for another step.</param>
    internal static Schedules Stepped(IReadOnlyList<StepChoice> choices) => new SteppedSchedule(choices);

    /// <summary>
    /// Reads <c>captured</c>, <c>all</c>, <c>all+items</c>, <c>races</c>, a number, a number with a strategy (<c>1000 pct:3</c>,
    /// <c>1000 jitter:5</c>), or <c>faults:2</c>.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of these; the message says what is expected.</exception>
    public static Schedules Parse(string text) =>
        TryParse(text)
        ?? throw new ArgumentException(
            $"{text}: expected captured, all, all+items, races, a number above 0, a number with a strategy (1000 pct:3, "
                + $"1000 jitter:5), or faults:2",
            nameof(text)
        );

    /// <summary>
    /// Random ones drawn by a strategy that <see cref="DrawnStrategies"/> knows by its name; null for one that it does not know.
    /// </summary>
    internal static Schedules? Drawn(int count, string strategy) =>
        DrawnStrategies.Knows(strategy) ? new DrawnSchedules(Positive(count), strategy) : null;

    /// <summary>
    /// True where the failing schedules can be explained by orders: what they have in common, and the nearest to the captured one.
    /// </summary>
    internal virtual bool IsAboutOrders => false;

    /// <summary>Runs them.</summary>
    /// <param name="exploration">Runs and counts schedules.</param>
    /// <param name="captured">What the captured schedule showed.</param>
    /// <param name="seed">The seed of random ones.</param>
    internal abstract Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed);

    /// <summary>What is held where all of them ran, and what is not; null where there is no such claim.</summary>
    /// <param name="realTime">Whether the agent's own clock and threads are real.</param>
    internal virtual string? AllMeans(bool realTime) => null;

    /// <summary>The words that choose them on the command line.</summary>
    internal abstract string Options { get; }

    private static Schedules? TryParse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["captured"] => Captured,
            ["all"] => All,
            ["all+items"] => AllWithItems,
            ["races"] => Races,
            [var faults] when NumberIn(faults, "faults:") is { } most => Faults(most),
            [var number] when NumberIn(number, "") is { } count => Random(count),
            [var number, var jitter] when NumberIn(number, "") is { } count && NumberIn(jitter, "jitter:") is { } percent and < 100 =>
                Jitter(count, percent),
            [var number, var strategy] when NumberIn(number, "") is { } count => Drawn(count, strategy),
            _ => null,
        };
    }

    private static int? NumberIn(string word, string prefix) =>
        word.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(word.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? number
            : null;

    private static int Positive(int number) =>
        number > 0 ? number : throw new ArgumentOutOfRangeException(nameof(number), number, "expected a number above 0");
}

internal sealed record CapturedSchedule : Schedules
{
    internal override string Options => "--schedules captured";

    internal override Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed) => exploration.Captured(captured);
}

internal sealed record SteppedSchedule(IReadOnlyList<StepChoice> Choices) : Schedules
{
    internal override string Options =>
        "--steps" + string.Concat(Choices.Select(c => string.Create(CultureInfo.InvariantCulture, $" --choose {c.Step}={c.Number}")));

    internal override Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed) =>
        exploration.Step(new Stepped(Choices));
}

internal sealed record RaceSchedules : Schedules
{
    internal override bool IsAboutOrders => true;

    internal override string Options => "--races only";

    internal override Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed) => exploration.Races(captured);
}

internal sealed record AllSchedules(bool Items) : Schedules
{
    internal override bool IsAboutOrders => !Items;

    internal override string AllMeans(bool realTime) =>
        realTime ? "every order of answers; the agent's own timers and threads ran as they did, each order once"
        : Items ? $"every order of answers, due timers and ready work items, {Undisturbed}"
        : "every order of answers and due timers (a pause may end before a late answer), work items in the order they became ready, "
            + Undisturbed;

    internal override string Options => Items ? "--schedules all --interleave items" : "--schedules all";

    internal override Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed) => exploration.All(Items);
}

internal sealed record DrawnSchedules(int Count, string Strategy) : Schedules
{
    internal override bool IsAboutOrders => true;

    internal override string Options =>
        string.Create(CultureInfo.InvariantCulture, $"--schedules {Count}")
        + (Strategy == DrawnStrategies.Default ? "" : $" --strategy {Strategy}");

    internal override Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed) =>
        exploration.Sample(
            (first, count) => DrawnStrategies.Of(Strategy, new(seed, first, count, captured.Left, captured.Choices.Count)),
            Count,
            "any-order",
            DrawnStrategies.IsUniform(Strategy)
        );
}

internal sealed record JitteredSchedules(int Count, int Percent) : Schedules
{
    internal override string Options => string.Create(CultureInfo.InvariantCulture, $"--schedules {Count} --jitter {Percent}");

    internal override Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed) =>
        exploration.Sample(
            (first, count) => new Jitter(seed, count, Percent) { First = first },
            Count,
            string.Create(CultureInfo.InvariantCulture, $"jitter {Percent}%")
        );
}

internal sealed record FaultySchedules(int Most) : Schedules
{
    internal override string AllMeans(bool realTime) => $"every placement of the faults, answers in the captured order, {Undisturbed}";

    internal override string Options => string.Create(CultureInfo.InvariantCulture, $"--schedules all --faults {Most}");

    internal override Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed) => exploration.WithFaults(Most);
}

internal sealed record WrittenSchedule(string Path) : Schedules
{
    internal override string Options => $"--schedule {Path}";

    internal override Coverage Explore(Exploration exploration, ScheduleResult captured, ulong seed) =>
        exploration.Follow(ScheduleFile.Load(Path), Path);
}
