namespace ReplayHarness.Running.Together;

/// <summary>Whether the tool calls of a run may run at once.</summary>
internal enum ParallelVerdict
{
    /// <summary>All did, in every order, and nothing went wrong.</summary>
    Safe,

    /// <summary>Some may not.</summary>
    Unsafe,

    /// <summary>They still ran one after the other, so nothing is shown.</summary>
    StillSerial,

    /// <summary>Nothing is shown either way.</summary>
    NotEstablished,

    /// <summary>The agent asked for what the recording contradicts, although its calls ran one after the other.</summary>
    Diverged,
}

/// <summary>What holds of two tools whose calls stand in one turn.</summary>
internal enum PairVerdict
{
    /// <summary>They may run at once.</summary>
    Safe,

    /// <summary>The first must have ended before the second begins.</summary>
    Ordered,

    /// <summary>Either may come first, but never both at once.</summary>
    NeverAtOnce,

    /// <summary>It was not tried, or could not be tried apart from other calls.</summary>
    Unknown,
}

/// <summary>Two tools whose calls stand in one turn.</summary>
/// <param name="First">The tool that was asked for first.</param>
/// <param name="Second">The other.</param>
/// <param name="Turns">The turns, counted over the whole run, from 1.</param>
/// <param name="Verdict">What holds of them.</param>
internal sealed record ParallelPair(string First, string Second, IReadOnlyList<int> Turns, PairVerdict Verdict)
{
    /// <summary>What an agent must keep to, in words; null for nothing.</summary>
    public string? Constraint =>
        Verdict switch
        {
            PairVerdict.Ordered => $"{First} before {Second}",
            PairVerdict.NeverAtOnce => "never at once",
            _ => null,
        };

    /// <summary>A number of orders in words.</summary>
    public static string OrdersOf(string count, bool all) =>
        (count, all) switch
        {
            ("1", true) => "the only order there is",
            ("1", false) => "1 order",
            (_, true) => $"all {count} orders",
            _ => $"{count} orders",
        };

    /// <summary>How many orders the schedules stand for in which they were tried, as decimal text; null where they were not.</summary>
    public string? Orders { get; init; }

    /// <summary>Whether these are all orders.</summary>
    public bool AllOrders { get; init; }

    /// <summary>The fields, variables and objects that both use in no order.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>What goes wrong, as sentences without their full stops; empty where nothing was seen to.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>In which orders it goes wrong; null where no words for that were found.</summary>
    public string? When { get; init; }

    /// <summary>The races behind that, as sentences without their full stops.</summary>
    public IReadOnlyList<string> Races { get; init; } = [];
}

/// <summary>Everything that is said of running the tool calls of a run at once.</summary>
internal sealed record ParallelReport
{
    /// <summary>The trace of the run.</summary>
    public required string Trace { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The verdict.</summary>
    public required ParallelVerdict Verdict { get; init; }

    /// <summary>A sentence for a person.</summary>
    public required string Sentence { get; init; }

    /// <summary>What of the agent asked whether calls may run at once, by name.</summary>
    public IReadOnlyList<string> Switches { get; init; } = [];

    /// <summary>Each pair of tools.</summary>
    public IReadOnlyList<ParallelPair> Pairs { get; init; } = [];

    /// <summary>Why nothing is established, or what goes wrong although no pair does; empty for neither.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What else is to be known, as sentences without their full stops.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
