using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Pitfalls;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// An agent as it is deployed: a host with configuration, console logging, a hosted service and OpenTelemetry with a batch exporter.
/// </summary>
public sealed class HostedAgent : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true }
        );
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Agent:Name"] = "hosted" });
        builder.Logging.AddConsole();
        builder.Services.AddHostedService<Heartbeat>();
        builder.Services.AddSingleton(new ToolLoop(services.ChatClient(), services.Tools(), LostUpdate.Fixed));
        using var exporter = new CountingExporter();
        using var tracing = Sdk.CreateTracerProviderBuilder()
            .AddSource("hosted")
            .AddProcessor(new BatchActivityExportProcessor(exporter))
            .Build();
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var log = host.Services.GetRequiredService<ILogger<HostedAgent>>();
        if (log.IsEnabled(LogLevel.Information))
            log.LogInformation("{Name} starts", builder.Configuration["Agent:Name"]);
        await host.Services.GetRequiredService<ToolLoop>().RunAsync(input.Text, cancellationToken);
        await host.StopAsync(cancellationToken);
    }

    private sealed class Heartbeat(ILogger<Heartbeat> log) : BackgroundService
    {
        private static readonly ActivitySource s_source = new("hosted");

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                using (s_source.StartActivity("heartbeat"))
                    if (log.IsEnabled(LogLevel.Debug))
                        log.LogDebug("alive");
                await Task.Delay(TimeSpan.FromMinutes(1), stoppingToken);
            }
        }
    }

    private sealed class CountingExporter : BaseExporter<Activity>
    {
        private long _count;

        public override ExportResult Export(in Batch<Activity> batch)
        {
            _count += batch.Count;
            return ExportResult.Success;
        }
    }
}
