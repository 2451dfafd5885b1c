using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Replays;

/// <summary>One run of the agent in this process: a fresh driver and container, and what is run on them.</summary>
/// <param name="newDriver">Makes the driver.</param>
/// <param name="body">What is run: the driver, or anything else on the agent's container.</param>
internal sealed class DrivenRun(Func<IReplayDriver> newDriver, Func<IReplayDriver, IServiceProvider, CancellationToken, Task> body)
{
    private ServiceProvider? _services;

    /// <summary>Whether the agent gave an answer; null where nobody can tell.</summary>
    public bool? Answered { get; private set; }

    /// <summary>What the driver says of the agent's tools; see <see cref="IReplayDriver.Effects"/>.</summary>
    public IReadOnlyDictionary<string, bool> Effects { get; private set; } = new Dictionary<string, bool>();

    /// <summary>Runs it to its end.</summary>
    public async Task DriveAsync(KernelCarrier carrier)
    {
        var driver = newDriver();
        Effects = driver.Effects;
        _services = ServiceSetup.Build(driver, carrier);
        var run = body(driver, _services, CancellationToken.None);
        await run;
        Answered = AgentAnswer.Of(run);
    }

    /// <summary>Disposes of the container.</summary>
    public Task CloseAsync() => _services?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}
