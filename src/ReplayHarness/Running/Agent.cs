using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>
/// An agent that fixtures are replayed against. The package ReplayHarness.Server adds <c>Agent.Command(…)</c>, for one in another process
/// or language.
/// </summary>
public abstract class Agent
{
    // An agent is one of the library's own carriers of answers.
    internal Agent() { }

    /// <summary>The agent that a driver starts; its assembly is replayed in a process of its own.</summary>
    /// <typeparam name="TDriver">The driver: a public class with a public constructor without parameters.</typeparam>
    public static Agent Of<TDriver>()
        where TDriver : IReplayDriver => new AssemblyAgent(typeof(TDriver).Assembly.Location, typeof(TDriver).FullName);

    /// <summary>The agent that a driver in an assembly starts.</summary>
    /// <param name="assembly">The path of the assembly that holds the driver.</param>
    /// <param name="driver">
    /// The driver's type: its full name, its simple name, or that in kebab-case; null where the assembly holds just one.
    /// </param>
    public static Agent InAssembly(string assembly, string? driver = null) => new AssemblyAgent(assembly, driver);

    /// <summary>What is replayed, in words that a report can repeat.</summary>
    internal abstract ReplayJob JobOf(string fixture, ReplayOptions options);

    /// <summary>Replays a fixture.</summary>
    /// <exception cref="BadInputException">Fixture or agent cannot be used.</exception>
    internal abstract Task<ReplayReport> RunAsync(
        FixtureFolder fixture,
        ReplayJob job,
        IProgress<ReplayProgress>? progress,
        CancellationToken cancellationToken
    );
}

/// <summary>An agent in an assembly: the host process loads it.</summary>
internal sealed class AssemblyAgent(string assembly, string? driver) : Agent
{
    internal override ReplayJob JobOf(string fixture, ReplayOptions options) =>
        new()
        {
            Fixture = fixture,
            Assembly = assembly,
            Driver = driver,
            Options = options,
        };

    internal override async Task<ReplayReport> RunAsync(
        FixtureFolder fixture,
        ReplayJob job,
        IProgress<ReplayProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        using var host = HostPool.Rent(assembly);
        return await host.Process.RunAsync(job, progress, cancellationToken);
    }
}
