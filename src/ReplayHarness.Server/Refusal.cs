using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Server;

/// <summary>A request of a kind that is not taken: its content type or its encoding.</summary>
internal sealed class NotTakenException(string message) : Exception(message);

/// <summary>How a receiver refuses a request.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="GrpcStatus">The status of gRPC.</param>
/// <param name="Message">Why, for people.</param>
/// <param name="IsForNow">Whether the same request may be taken a second later.</param>
internal sealed record Refusal(int Status, string GrpcStatus, string Message, bool IsForNow = false)
{
    private const string InvalidArgument = "3",
        ResourceExhausted = "8",
        Unavailable = "14";

    /// <summary>How long to wait, for <c>Retry-After</c>.</summary>
    public static string RetrySeconds { get; } = 1.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// The same as <c>grpc-status-details-bin</c>: a google.rpc.Status of code 8 whose only detail is a RetryInfo of one second. Without it
    /// an exporter takes the refusal for final.
    /// </summary>
    public static string GrpcRetryInfo { get; } = RetryInfo();

    /// <summary>What is said of a failure; null where it is none of the request or of the file.</summary>
    public static Refusal? Of(Exception e) =>
        e switch
        {
            NotTakenException => new(StatusCodes.Status415UnsupportedMediaType, InvalidArgument, e.Message),
            NoMemoryException { IsForNow: true } => new(StatusCodes.Status429TooManyRequests, ResourceExhausted, e.Message, IsForNow: true),
            NoMemoryException => new(StatusCodes.Status413PayloadTooLarge, ResourceExhausted, e.Message),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(
                StatusCodes.Status413PayloadTooLarge,
                ResourceExhausted,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the request is larger than {OtlpReceiver.MaxRequestBytes >> 20} MiB, the most that is taken; send smaller batches"
                )
            ),
            CannotKeepException => new(StatusCodes.Status503ServiceUnavailable, Unavailable, e.Message),
            JsonException or WrongFormException or InvalidDataException => new(
                StatusCodes.Status400BadRequest,
                InvalidArgument,
                $"the request cannot be read: {e.Message}"
            ),
            _ => null,
        };

    private static string RetryInfo()
    {
        byte[] second = [0x08, 1],
            retry = [0x0A, (byte)second.Length, .. second],
            type = [.. "type.googleapis.com/google.rpc.RetryInfo"u8],
            any = [0x0A, (byte)type.Length, .. type, 0x12, (byte)retry.Length, .. retry];
        return Convert.ToBase64String([0x08, 8, 0x1A, (byte)any.Length, .. any]).TrimEnd('=');
    }
}
