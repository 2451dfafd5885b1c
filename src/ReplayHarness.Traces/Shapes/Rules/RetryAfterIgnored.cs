using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The client asked again sooner than the refusal told it to wait, until nothing was left to try.</summary>
internal sealed class RetryAfterIgnored : Rule
{
    private const string RateLimit = "rate-limit";
    private const long TooManyRequests = 429;

    // A timer of the client may be early by as much, and clocks are not one.
    private const double Enough = 0.9;

    public override string Name => "retry-after-ignored";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "A model call failed although the API had said how long to wait: the client asked again sooner than that.";

    internal override RuleMemory Memory { get; } = Remember;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var call in run.Run.ModelCalls.Where(m => m.Error is not null))
        {
            var requests = ModelRetries.AttemptsOf(run, call);
            for (var i = 0; i + 1 < requests.Count; i++)
                if (
                    IsRefused(requests[i])
                    && RetryHint.Of(requests[i]) is { } wait
                    && Between(requests[i], requests[i + 1]) is var waited
                    && IsSooner(waited, wait)
                )
                {
                    yield return new(
                        this,
                        "model",
                        RateLimit,
                        $"{requests.Count} requests in {Durations.Text(Between(requests[0].StartNanos, requests[^1].EndNanos))}, although "
                            + $"the API said to wait {Durations.Text(wait)}: the next came after {Durations.Text(waited)}",
                        requests
                    );
                    break;
                }
        }
    }

    // When each request that was refused ended, and when the next began.
    private static void Remember(RunSoFar run, IMemory memory)
    {
        var models = run.Calls.Where(c => c.Tool is null).ToArray();
        foreach (var call in models.Where(IsRefused).OrderBy(c => c.Attempt).ThenBy(c => c.End).ThenBy(c => c.Facts))
        {
            memory.Add((long)call.Facts);
            memory.Add(call.End!.Value.Ticks);
            memory.Add(
                models.Where(m => m.Attempt == call.Attempt && m.Start >= call.End).Select(m => m.Start.Ticks).DefaultIfEmpty(-1).Min()
            );
        }
    }

    private static bool IsRefused(CallSoFar call) => call is { End: not null, Error: { } error } && ErrorClass.Of(error) == RateLimit;

    private static bool IsRefused(Span request) =>
        (request.Attributes.Number("http.response.status_code") ?? request.Attributes.Number("http.status_code")) is { } status
            ? status == TooManyRequests
            : Traces.Dialects.Errors.Of(request) is { } error && ErrorClass.Of(error) == RateLimit;

    private static bool IsSooner(TimeSpan waited, TimeSpan wait) => waited < wait * Enough;

    private static TimeSpan Between(Span refused, Span next) => Between(refused.EndNanos, next.StartNanos);

    private static TimeSpan Between(long from, long to) => TimeSpan.FromTicks((to - from) / 100);
}
