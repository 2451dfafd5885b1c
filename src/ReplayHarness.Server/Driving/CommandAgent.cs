using System.Diagnostics.CodeAnalysis;
using ReplayHarness.Fixtures;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>Agents in another process or language, beside those of <see cref="Agent"/> itself.</summary>
[SuppressMessage("Design", "CA1034", Justification = "the analyzer takes an extension block for a nested type")]
public static class CommandAgents
{
    extension(Agent)
    {
        /// <summary>
        /// The agent that a command starts. It is started anew for each schedule, finds the mocks in its environment (OPENAI_BASE_URL and
        /// its like), and ends when its run does. The order in which answers come is controlled; its own threads and clock are not, and the
        /// verdict says so.
        /// </summary>
        /// <param name="program">The program.</param>
        /// <param name="arguments">Its arguments.</param>
        public static Agent Command(string program, params IReadOnlyList<string> arguments) =>
            new CommandAgent([program, .. arguments], new DriveOptions());

        /// <summary>The agent that a command starts, with options.</summary>
        /// <param name="options">How it is started and answered.</param>
        /// <param name="program">The program.</param>
        /// <param name="arguments">Its arguments.</param>
        public static Agent Command(DriveOptions options, string program, params IReadOnlyList<string> arguments) =>
            new CommandAgent([program, .. arguments], options);
    }
}

/// <summary>An agent in another process.</summary>
internal sealed class CommandAgent(IReadOnlyList<string> command, DriveOptions options) : Agent
{
    internal override ReplayJob JobOf(string fixture, ReplayOptions replay) =>
        new()
        {
            Fixture = fixture,
            Command = command,
            Options = replay,
        };

    /// <exception cref="ArgumentException">The schedules need the agent's threads.</exception>
    internal override async Task<ReplayReport> RunAsync(
        FixtureFolder fixture,
        ReplayJob job,
        IProgress<ReplayProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (!OutOfProcess.CanRun(job.Options.Schedules))
            throw new ArgumentException(
                "an agent in another process is replayed with captured, all or random schedules, or with jitter: its own "
                    + "threads and faults are not controlled"
            );
        var carrier = new OutOfProcess(new FixtureIndex(fixture, job.Options.Matching), command, options, cancellationToken);
        await using var host = await MockHost
            .StartAsync(() => carrier.Served, options.Port, carrier.Spans, cancellationToken)
            .ConfigureAwait(false);
        carrier.Host = host;
        // Schedules block while the agent's process runs: on a thread of their own.
        return await Task.Run(
                () => new JobRunner(fixture, job.Options, carrier, step => progress?.Report(step), CancellationToken.None).Run(),
                CancellationToken.None
            )
            .ConfigureAwait(false);
    }
}
