using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Replays;

/// <summary>Puts the boundaries into the agent's container.</summary>
internal static class ServiceSetup
{
    /// <summary>The container of one schedule: what the driver adds, with model, time, http and tools replaced.</summary>
    public static ServiceProvider Build(IReplayDriver driver, KernelCarrier carrier)
    {
        var services = new ServiceCollection();
        driver.ConfigureServices(services);
        services.AddHttpClient();
        var http = ProcessState.Current!.Http = new HttpBoundary(carrier);
        services.PostConfigureAll<HttpClientFactoryOptions>(options => Answer(options, http));
        services.AddSingleton<TimeProvider>(carrier.Time);
        new ModelLeaf(carrier).Replace(services);
        ReplaceTools(services, carrier);
        ProcessState.Current.Tools = new(carrier);
        return services.BuildServiceProvider();
    }

    private static ServiceDescriptor? OwnTools(ServiceCollection services) =>
        services.LastOrDefault(d => d.ServiceType == typeof(IReadOnlyList<AIFunction>) && !d.IsKeyedService);

    // Handlers are never recycled: the factory's clean-up timers would be choices of the schedule.
    private static void Answer(HttpClientFactoryOptions options, HttpBoundary http)
    {
        options.HandlerLifetime = Timeout.InfiniteTimeSpan;
        options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = http);
    }

    private static void ReplaceTools(ServiceCollection services, KernelCarrier carrier)
    {
        if (carrier.Context.Hypothesis!.MocksTools)
        {
            services.AddSingleton<IReadOnlyList<AIFunction>>([.. ToolNames(carrier).Select(name => new ToolBoundary(carrier, name))]);
            return;
        }
        if (OwnTools(services) is not { } own)
            return;
        services.AddSingleton(provider => Observe(Resolve(provider, own), carrier));
    }

    // A renamed tool is offered by both names; the agent's code takes the one it knows.
    private static IEnumerable<string> ToolNames(KernelCarrier carrier) =>
        carrier.Context.Index.Tools.Concat(carrier.Context.Index.Fixture.Aliases.Keys).Distinct(StringComparer.Ordinal);

    private static IReadOnlyList<AIFunction> Observe(IReadOnlyList<AIFunction> tools, KernelCarrier carrier) =>
        [.. tools.Select(t => new ObservedTool(carrier, t))];

    private static IReadOnlyList<AIFunction> Resolve(IServiceProvider provider, ServiceDescriptor descriptor) =>
        (IReadOnlyList<AIFunction>)(
            descriptor.ImplementationInstance
            ?? descriptor.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!)
        );
}
