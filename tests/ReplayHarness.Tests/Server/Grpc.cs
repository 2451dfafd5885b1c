using System.Buffers.Binary;
using System.Net;

namespace ReplayHarness.Tests.Server;

/// <summary>A call of gRPC as it stands on the wire.</summary>
internal static class Grpc
{
    /// <summary>Sends a message to a service's method Export, and gives what its trailers say.</summary>
    public static async Task<(string? Status, string? Message, string? Details)> SendAsync(string url, string service, byte[] message)
    {
        var framed = new byte[message.Length + 5];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/opentelemetry.proto.collector.{service}/Export")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(framed) { Headers = { ContentType = new("application/grpc") } },
        };
        using var answer = await client.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        string? Trailer(string name) =>
            answer.TrailingHeaders.TryGetValues(name, out var values) || answer.Headers.TryGetValues(name, out values)
                ? Uri.UnescapeDataString(values.Single())
                : null;
        return (Trailer("grpc-status"), Trailer("grpc-message"), Trailer("grpc-status-details-bin"));
    }
}
