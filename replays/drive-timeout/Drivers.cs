using MailPilot;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;

namespace Replays.DriveTimeout;

/// <summary>Starts MailPilot as its deployment does.</summary>
public abstract class MailPilotDriver : IReplayDriver
{
    public virtual void ConfigureServices(IServiceCollection services) => services.AddMailPilot();

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        services.GetRequiredService<TaskRunner>().RunAsync(input.Text, cancellationToken);
}

/// <summary>The agent as it was when it failed.</summary>
public sealed class Shipped : MailPilotDriver;

/// <summary>A tool's exception becomes its result.</summary>
public sealed class Survives : MailPilotDriver
{
    public override void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IToolDispatcher, SurvivingDispatch>().AddMailPilot();
}

/// <summary>A connection for every call.</summary>
public sealed class Isolated : MailPilotDriver
{
    public override void ConfigureServices(IServiceCollection services) =>
        services.AddMailPilot(new MailPilotOptions { ConnectionPerCall = true });
}

/// <summary>Both fixes.</summary>
public sealed class Both : MailPilotDriver
{
    public override void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IToolDispatcher, SurvivingDispatch>().AddMailPilot(new MailPilotOptions { ConnectionPerCall = true });
}

/// <summary>One call at a time.</summary>
public sealed class Serialised : MailPilotDriver
{
    public override void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IToolDispatcher, SerialDispatch>().AddMailPilot();
}

/// <summary>The shipped agent loop where the code of its tools cannot run in a replay: it takes what tools it is given.</summary>
public sealed class Mocked : MailPilotDriver
{
    public override void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton(new MailPilotOptions())
            .AddSingleton<IToolDispatcher, ParallelDispatch>()
            .AddSingleton<MailAgent>()
            .AddSingleton<TaskRunner>();
}
