using Polly;
using Polly.Hedging;
using Polly.Retry;
using Polly.Timeout;
using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks.Sdks;

/// <summary>Polly with retries that jitter, hedging and a time-out, none of which gets a TimeProvider.</summary>
internal static class PollyAgent
{
    public static async Task<string> RunAsync(Kernel kernel)
    {
        var pipeline = new ResiliencePipelineBuilder<string>()
            .AddRetry(
                new RetryStrategyOptions<string>
                {
                    MaxRetryAttempts = 2,
                    Delay = TimeSpan.FromSeconds(2),
                    UseJitter = true,
                    BackoffType = DelayBackoffType.Exponential,
                    ShouldHandle = Failed(),
                }
            )
            .AddHedging(
                new HedgingStrategyOptions<string>
                {
                    MaxHedgedAttempts = 1,
                    Delay = TimeSpan.FromSeconds(3),
                    ShouldHandle = Failed(),
                }
            )
            .AddTimeout(TimeSpan.FromSeconds(10))
            .Build();
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(async branch =>
                {
                    var attempt = 0;
                    return await pipeline.ExecuteAsync(async token =>
                    {
                        var mine = ++attempt;
                        var slow = branch == 0 && mine == 1;
                        await kernel
                            .Issue(
                                $"t{branch}",
                                TimeSpan.FromSeconds(slow ? 60 : 2),
                                () => branch == 1 && mine == 1 ? throw new TimeoutException("no answer") : 0,
                                token: token
                            )
                            .Task;
                        return $"r{mine}";
                    });
                })
        );
        return string.Join(',', results);
    }

    private static PredicateBuilder<string> Failed() =>
        new PredicateBuilder<string>().Handle<TimeoutException>().Handle<TimeoutRejectedException>();
}
