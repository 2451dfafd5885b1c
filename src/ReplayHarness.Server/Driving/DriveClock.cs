namespace ReplayHarness.Server.Driving;

/// <summary>The time of one schedule: real time since its start, divided by the time scale.</summary>
/// <param name="clock">Real time.</param>
/// <param name="scale">Real seconds for each captured second; above 0.</param>
internal sealed class DriveClock(TimeProvider clock, double scale)
{
    private readonly long _start = clock.GetTimestamp();

    /// <summary>When it began, in nanoseconds of the Unix epoch: what the agent's own clock said.</summary>
    public long StartNanos { get; } = (clock.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    /// <summary>Real time since the start.</summary>
    public TimeSpan Real => clock.GetElapsedTime(_start);

    /// <summary>Scaled time since the start, in ticks.</summary>
    public long NowTicks => (long)(Real.Ticks / scale);

    /// <summary>Waits for a captured time.</summary>
    public Task DelayAsync(double seconds, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(seconds * scale), clock, cancellationToken);

    /// <summary>Waits in real time.</summary>
    public Task PauseAsync(TimeSpan real, CancellationToken cancellationToken) => Task.Delay(real, clock, cancellationToken);
}
