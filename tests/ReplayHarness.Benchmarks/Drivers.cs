using MailPilot;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks;

/// <summary>MailPilot as it was when it failed.</summary>
public sealed class Shipped : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) => services.AddMailPilot();

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        services.GetRequiredService<TaskRunner>().RunAsync(input.Text, cancellationToken);
}
