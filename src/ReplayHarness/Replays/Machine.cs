namespace ReplayHarness.Replays;

/// <summary>What a schedule makes the agent see of the machine that it runs on.</summary>
internal sealed record Machine
{
    /// <summary>A machine as in production; so are all schedules of an exploration.</summary>
    public static Machine Usual { get; } = new();

    /// <summary>How many processors it has; at least 1.</summary>
    public int Processors { get; init; } = 4;

    /// <summary>True where numbers and dates are written in another way than usual.</summary>
    public bool HasOtherCulture { get; init; }

    /// <summary>True where whatever goes on does so on another thread than before, as a thread pool may have it.</summary>
    public bool ChangesThreads { get; init; }
}
