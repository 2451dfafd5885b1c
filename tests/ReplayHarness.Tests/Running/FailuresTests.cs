using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Running;

/// <summary>An agent that kills the process it runs in: nothing there can tell of that.</summary>
public sealed class Kills : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) { }

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        Process.GetCurrentProcess().Kill();
        return Task.CompletedTask;
    }
}

/// <summary>An agent that stops the process it runs in, as a debugger or a shell does: not even its watchdog runs on.</summary>
public sealed partial class Freezes : IReplayDriver
{
    private const int Stop = 19;

    public void ConfigureServices(IServiceCollection services) { }

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        _ = Kill(Environment.ProcessId, Stop);
        return Task.CompletedTask;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>Through the front door, an error says whose it is: the input's, the host process', or that of a tool that is missing.</summary>
public sealed class FailuresTests
{
    private const string Ended = "the process that replays ended without an answer, with exit code ";

    [Test]
    public async Task A_host_process_that_the_agent_ends()
    {
        var message = await MessageOfAsync<HostFailedException>(() => Replayer.RunAsync(Data.Fixture, Agent.Of<Kills>()));
        Assert.That(message, Does.StartWith(Ended).And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_host_process_that_the_agent_ends_on_the_command_line()
    {
        var result = await Tool.RunAsync("run", Data.Fixture, "--agent", $"{typeof(Kills).Assembly.Location}:{nameof(Kills)}");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(result.Errors, Does.StartWith($"replay-harness: {Ended}").And.Not.Contain("   at "));
    }

    [Test, Platform("Linux")]
    public void A_host_process_that_something_stops()
    {
        var assembly = typeof(Freezes).Assembly.Location;
        using var host = new HostProcess(assembly, HostProcess.Prepare(assembly), TimeSpan.FromSeconds(10));
        var job = Agent.InAssembly(assembly, nameof(Freezes)).JobOf(Data.Fixture, new());
        Assert.That(
            () => host.RunAsync(job, null, CancellationToken.None),
            Throws.TypeOf<HostFailedException>().With.Message.StartsWith("the process that replays gave no sign of life for 10 s")
        );
    }

    [Test]
    public async Task Bad_input()
    {
        Assert.That(
            await MessageOfAsync<BadInputException>(() => Replayer.RunAsync(Data.Fixture, Agent.InAssembly("none.dll"))),
            Does.StartWith("none.dll: there is no such assembly")
        );
        Assert.That(
            await MessageOfAsync<BadInputException>(() => Replayer.RunAsync("none", Agent.Of<Kills>())),
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

    private static async Task<string> MessageOfAsync<T>(Func<Task> call)
        where T : Exception
    {
        try
        {
            await call();
        }
        catch (T e)
        {
            return e.Message;
        }
        throw new AssertionException($"expected {typeof(T).Name}");
    }
}
