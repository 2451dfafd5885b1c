using System.Net;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>Captured errors as the exceptions of .NET that mean the same.</summary>
internal static class ClrExceptions
{
    public static Exception Create(RecordedError error) =>
        error.Exception switch
        {
            "System.TimeoutException" => new TimeoutException(error.Message),
            "System.OperationCanceledException" => new OperationCanceledException(error.Message),
            "System.ArgumentException" => new ArgumentException(error.Message),
            "System.IO.IOException" => new IOException(error.Message),
            "System.Net.Http.HttpRequestException" => new HttpRequestException(error.Message, null, StatusOf(error.Class)),
            _ => new InvalidOperationException(error.Message),
        };

    private static HttpStatusCode? StatusOf(string errorClass) =>
        errorClass switch
        {
            "rate-limit" => HttpStatusCode.TooManyRequests,
            "http-5xx" => HttpStatusCode.ServiceUnavailable,
            "http-4xx" => HttpStatusCode.BadRequest,
            _ => null,
        };
}
