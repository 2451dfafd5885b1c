using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

public sealed class ThrowsInConfigure : Shipped
{
    public override void ConfigureServices(IServiceCollection services) => throw new InvalidOperationException("no such setting");
}

public sealed class ThrowsInConstructor : Shipped
{
    public ThrowsInConstructor() => throw new InvalidOperationException("no such file");
}

public sealed class NeedsAnArgument(string what) : IReplayDriver
{
    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) => Task.FromResult(what);
}

/// <summary>Asks a tool for something that was never captured.</summary>
public sealed class AsksForSomethingElse : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        await services.Tools()[0].InvokeAsync(new(new Dictionary<string, object?> { ["query"] = "something else" }), cancellationToken);
}

/// <summary>Calls a tool by a name that the fixture does not know.</summary>
public sealed class RenamedTool : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var tool = services.Tools().SingleOrDefault(t => t.Name == "find_markdown") ?? services.Tools()[0];
        await tool.InvokeAsync(
            new(new Dictionary<string, object?> { ["query"] = tool.Name == "find_markdown" ? "M20 cable gland" : "unknown" }),
            cancellationToken
        );
    }
}
