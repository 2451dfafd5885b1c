using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>The front door: replays a fixture against an agent, and judges what that shows.</summary>
public static class Replayer
{
    /// <summary>
    /// Replays a fixture. Each run has a host process to itself, which is kept for the next; so several may run at once. Cancelling stops
    /// the exploration: what was explored so far is judged, and nothing more is established.
    /// </summary>
    /// <param name="fixture">The fixture's folder.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="options">How to replay; null for every order, matched strictly.</param>
    /// <param name="progress">Hears a few times a second how far it is; null for nobody.</param>
    /// <param name="cancellationToken">Stops the exploration.</param>
    /// <exception cref="BadInputException">Fixture or agent cannot be used; the message says why and what to do.</exception>
    /// <exception cref="HostFailedException">The host process ended without an answer.</exception>
    /// <exception cref="UncontrollableRuntimeException">This .NET runtime cannot be controlled.</exception>
    public static async Task<ReplayReport> RunAsync(
        string fixture,
        Agent agent,
        ReplayOptions? options = null,
        IProgress<ReplayProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(agent);
        // Loaded here first, so that a mistake in the fixture needs no process to be found.
        var folder = FixtureFolder.Load(fixture);
        var job = agent.JobOf(fixture, options ?? new ReplayOptions());
        var report = await agent.RunAsync(folder, job, progress, cancellationToken);
        return report with { Job = job, Rerun = RerunCommand.Of(job, report.Verdict.Text()) };
    }
}
