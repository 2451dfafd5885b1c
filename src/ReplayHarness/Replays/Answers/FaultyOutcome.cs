using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Replays.Answers;

/// <summary>How an injected fault looks at each boundary: as the clients of .NET report it.</summary>
internal static class FaultyOutcome
{
    private const int Slowness = 10;
    private const int Ok = 200,
        ServiceUnavailable = 503;

    private static readonly RecordedError s_timeout = new(
        "TimeoutException",
        "timeout",
        "System.TimeoutException",
        "injected fault: the operation has timed out"
    )
    {
        Inner = [],
    };
    private static readonly RecordedError s_error = new(
        "HttpRequestException",
        "http-5xx",
        "System.Net.Http.HttpRequestException",
        "injected fault: 503 Service Unavailable"
    )
    {
        Inner = [],
    };

    /// <summary>The latency of an answer under a fault; null for never.</summary>
    public static TimeSpan? Latency(FaultKind fault, TimeSpan? latency) =>
        fault switch
        {
            FaultKind.Hang => null,
            FaultKind.Slow => latency * Slowness,
            _ => latency,
        };

    /// <summary>The outcome of an answer under a fault.</summary>
    public static Outcome Of(FaultKind fault, Answer answer) =>
        fault switch
        {
            // HttpClient reports its own time-out as a cancellation.
            FaultKind.Timeout => answer.Call!.Kind == BoundaryKind.Http
                ? new Broken(HttpFault.NoAnswer, s_timeout.Message)
                : new Failed(s_timeout),
            FaultKind.Error => IsHttp(answer) ? Response(answer, ServiceUnavailable) : new Failed(s_error),
            FaultKind.Empty => Empty(answer),
            _ => answer.Delivered,
        };

    private static Outcome Empty(Answer answer)
    {
        if (IsHttp(answer))
            return Response(answer, Ok);
        var empty = answer.Call!.Kind == BoundaryKind.Model ? ModelAnswers.Empty : ToolAnswers.Empty;
        return answer.Encode is { } encode ? encode(empty) : empty;
    }

    private static bool IsHttp(Answer answer) => answer.Outcome is Sent or Broken;

    private static Sent Response(Answer answer, int status) =>
        new(status, Sent.Plain, []) { Result = answer.Call!.Kind == BoundaryKind.Http ? $"{status}" : null };
}
