using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Running;

/// <summary>An agent that ends the process it runs in.</summary>
public sealed class Exits : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) { }

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        Environment.Exit(7);
        return Task.CompletedTask;
    }
}

/// <summary>Through the front door, an error says whose it is: the input's, the host process', or that of a tool that is missing.</summary>
public sealed class FailuresTests
{
    private const string Ended = "the process that replays ended without an answer, with exit code 7: the agent ended it, or it crashed";

    [Test]
    public void A_host_process_that_the_agent_ends()
    {
        var failure = Assert.ThrowsAsync<HostFailedException>(() => Replayer.RunAsync(Data.Fixture, Agent.Of<Exits>()));
        Assert.That(failure.Message, Does.StartWith(Ended).And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_host_process_that_the_agent_ends_on_the_command_line()
    {
        var result = await Tool.RunAsync("run", Data.Fixture, "--agent", $"{typeof(Exits).Assembly.Location}:{nameof(Exits)}");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(result.Errors, Does.StartWith($"replay-harness: {Ended}").And.Not.Contain("   at "));
    }

    [Test]
    public void Bad_input()
    {
        Assert.That(
            Assert.ThrowsAsync<BadInputException>(() => Replayer.RunAsync(Data.Fixture, Agent.InAssembly("none.dll"))).Message,
            Does.StartWith("none.dll: there is no such assembly")
        );
        Assert.That(
            Assert.ThrowsAsync<BadInputException>(() => Replayer.RunAsync("none", Agent.Of<Exits>())).Message,
            Does.Contain("there is no fixture here")
        );
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Windows looks for programs elsewhere, too")]
    public async Task A_missing_tool()
    {
        using var empty = new TempFolder();
        var result = await Tool.RunWithAsync(
            ("PATH", empty.Path),
            ["bisect", Data.Fixture, "--agent", "Agent", "--good", "a", "--bad", "b"]
        );
        Assert.That(
            (result.ExitCode, result.Errors),
            Is.EqualTo((3, "replay-harness: there is no git on the PATH; histories are read with it\n"))
        );
    }
}
