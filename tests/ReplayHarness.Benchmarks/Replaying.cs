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
    private const int Counted = 10_000;

    public static async Task<(ReplayCost CapturedAtTool, ReplayCost HealthyAtHttp, TimeSpan Baseline)> MeasureAsync() =>
        (await CostAsync("captured@tool"), await CostAsync("healthy@http"), await BaselineAsync());

    private static async Task<ReplayCost> CostAsync(string hypothesis)
    {
        await ReplayAsync(hypothesis, WarmUp);
        var watch = Stopwatch.StartNew();
        var report = await ReplayAsync(hypothesis, Counted);
        return new(report.VirtualSeconds / watch.Elapsed.TotalSeconds, watch.Elapsed / Counted);
    }

    private static Task<ReplayReport> ReplayAsync(string hypothesis, int schedules) =>
        Replayer.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "fixtures", "drive-timeout"),
            Agent.Of<Shipped>(),
            new ReplayOptions { Hypotheses = [hypothesis], Schedules = Schedules.Random(schedules) }
        );

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
        for (var i = 0; i < Counted; i++)
            await FourAttemptsAsync();
        return watch.Elapsed / Counted;
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
