using System.Diagnostics;
using System.Globalization;
using MailPilot;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Running;

namespace ReplayHarness.Benchmarks;

/// <summary>What one replay of the incident costs, spans and shapes on.</summary>
/// <param name="VirtualRatio">Virtual time that passes in a second.</param>
/// <param name="Cost">Time per replay.</param>
internal readonly record struct ReplayCost(double VirtualRatio, TimeSpan Cost);

internal static class Replaying
{
    private const int WarmUp = 2_000;
    private const int Schedules = 10_000;

    public static async Task<(ReplayCost CapturedAtTool, ReplayCost HealthyAtHttp, TimeSpan Baseline)> MeasureAsync()
    {
        using var host = ReplayHost.Start(typeof(Replaying).Assembly.Location);
        return (await CostAsync(host, "captured@tool"), await CostAsync(host, "healthy@http"), await BaselineAsync());
    }

    private static async Task<ReplayCost> CostAsync(ReplayHost host, string hypothesis)
    {
        var job = new ReplayJob
        {
            Fixture = Path.Combine(AppContext.BaseDirectory, "fixtures", "drive-timeout"),
            Assembly = typeof(Replaying).Assembly.Location,
            Driver = nameof(Shipped),
            Hypotheses = [hypothesis],
            Schedules = WarmUp.ToString(CultureInfo.InvariantCulture),
        };
        await host.RunAsync(job);
        var watch = Stopwatch.StartNew();
        var report = await host.RunAsync(job with { Schedules = Schedules.ToString(CultureInfo.InvariantCulture) });
        return new(report.VirtualSeconds / watch.Elapsed.TotalSeconds, watch.Elapsed / Schedules);
    }

    // Four attempts of two model turns and three tool calls, as the incident had, in a container of their own.
    private static async Task<TimeSpan> BaselineAsync()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        for (var i = 0; i < WarmUp; i++)
            await FourAttemptsAsync();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Schedules; i++)
            await FourAttemptsAsync();
        return watch.Elapsed / Schedules;
    }

    private static async Task FourAttemptsAsync()
    {
        await using var services = new ServiceCollection()
            .AddMailPilot()
            .AddSingleton<IChatClient, ScriptedModel>()
            .AddSingleton<IReadOnlyList<AIFunction>>(ScriptedModel.Tools)
            .BuildServiceProvider();
        var agent = services.GetRequiredService<MailAgent>();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            try
            {
                await agent.AnswerAsync("Which cable gland fits the M20 enclosure?", CancellationToken.None);
            }
            catch (TimeoutException) { }
        }
    }
}
