using System.Net;
using Microsoft.Extensions.AI;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>How a fault looks at each boundary: as the clients of .NET report it.</summary>
internal static class FaultyOutcome
{
    private const int Slowness = 10;

    /// <summary>The latency of an operation under a fault; null for never.</summary>
    public static TimeSpan? Latency(FaultKind fault, TimeSpan? latency) =>
        fault switch
        {
            FaultKind.Hang => null,
            FaultKind.Slow => latency * Slowness,
            _ => latency,
        };

    /// <summary>The outcome of an operation under a fault.</summary>
    public static Func<T> Of<T>(FaultKind fault, BoundaryKind kind, Func<T> outcome) =>
        fault switch
        {
            FaultKind.Timeout => () => throw Timeout(kind),
            FaultKind.Error when typeof(T) == typeof(HttpResponseMessage) => () =>
                (T)(object)new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("") },
            FaultKind.Error => () =>
                throw new HttpRequestException("injected fault: 503 Service Unavailable", null, HttpStatusCode.ServiceUnavailable),
            FaultKind.Empty when typeof(T) == typeof(HttpResponseMessage) => () =>
                (T)(object)new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("") },
            FaultKind.Empty when typeof(T) == typeof(ChatResponse) => () =>
                (T)(object)new ChatResponse(new ChatMessage(ChatRole.Assistant, "")),
            FaultKind.Empty => static () => default!,
            _ => outcome,
        };

    // HttpClient reports its own time-out as a cancellation.
    private static Exception Timeout(BoundaryKind kind)
    {
        var timeout = new TimeoutException("injected fault: the operation has timed out");
        return kind == BoundaryKind.Http ? new TaskCanceledException(timeout.Message, timeout) : timeout;
    }
}
