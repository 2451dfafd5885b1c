namespace ReplayHarness.Server.Driving;

/// <summary>How an agent in another process is started and answered.</summary>
public sealed record DriveOptions
{
    /// <summary>Real time.</summary>
    public TimeProvider Clock { get; init; } = RealTime.Clock;

    /// <summary>The port of the mocks on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Real seconds for each captured second; above 0.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>The longest that one schedule may take, in real time; then the agent's process is ended.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long the agent must have asked for nothing, and its processes must have used no processor, before the next response is chosen;
    /// real time.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>The path of libfaketime, which scales the agent's clock as the mocks are scaled; null leaves the clock alone.</summary>
    public string? FakeTime { get; init; }

    /// <summary>Variables that are set for the agent; <c>{url}</c> stands for the address of the mocks.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The folder in which the agent runs; null for that of this process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Told of each request in one line.</summary>
    public Action<string>? Log { get; init; }
}
