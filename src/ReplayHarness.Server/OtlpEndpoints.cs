using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Server;

/// <summary>Takes OTLP requests as each protocol sends them.</summary>
/// <param name="memory">What the bodies of all requests share.</param>
internal sealed class OtlpEndpoints(MemoryBudget memory)
{
    private const int GrpcPrefix = 5;
    private const string JsonType = "application/json",
        ProtobufType = "application/x-protobuf",
        GrpcType = "application/grpc",
        GrpcOk = "0";

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions s_bounded = new() { MaxDepth = 128 };

    /// <summary>http/protobuf and http/json, told by the content type; the answer is in the same encoding.</summary>
    public async Task HttpAsync(HttpContext context, Message schema, ILineSink file)
    {
        var (request, response) = (context.Request, context.Response);
        var isJson = IsOf(request, JsonType);
        try
        {
            // A web page can send text and forms anywhere without asking; these it cannot.
            if (!isJson && !IsOf(request, ProtobufType))
                throw new NotTakenException($"the content type is '{request.ContentType}', expected {JsonType} or {ProtobufType}");
            using var held = memory.Hold();
            var body = await ReadAsync(request.Body, IsGzip(request), request.ContentLength, held).ConfigureAwait(false);
            file.Append(isJson ? Line(body) : Line(body, schema));
            response.ContentType = isJson ? JsonType : ProtobufType;
            if (isJson)
                await response.WriteAsync("{}").ConfigureAwait(false);
        }
        catch (Exception e) when (Refusal.Of(e) is { } refusal)
        {
            response.StatusCode = refusal.Status;
            response.ContentType = "text/plain";
            if (refusal.IsForNow)
                response.Headers.RetryAfter = Refusal.RetrySeconds;
            await response.WriteAsync(refusal.Message).ConfigureAwait(false);
        }
    }

    /// <summary>gRPC: one message with a prefix of five bytes, the status in the trailers.</summary>
    public async Task GrpcAsync(HttpContext context, Message schema, ILineSink file)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.ContentType?.StartsWith(GrpcType, StringComparison.OrdinalIgnoreCase) != true)
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        response.ContentType = GrpcType;
        var status = GrpcOk;
        try
        {
            using var held = memory.Hold();
            var body = await ReadAsync(request.Body, isGzip: false, request.ContentLength, held).ConfigureAwait(false);
            file.Append(Line(await MessageAsync(body, held).ConfigureAwait(false), schema));
            // An empty message: everything was taken.
            await response.Body.WriteAsync(new byte[GrpcPrefix]).ConfigureAwait(false);
        }
        catch (Exception e) when (Refusal.Of(e) is { } refusal)
        {
            status = refusal.GrpcStatus;
            response.AppendTrailer("grpc-message", Uri.EscapeDataString(refusal.Message));
            if (refusal.IsForNow)
                response.AppendTrailer("grpc-status-details-bin", Refusal.GrpcRetryInfo);
        }
        response.AppendTrailer("grpc-status", status);
    }

    private static bool IsOf(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && string.Equals(type.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    private static bool IsGzip(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString() switch
        {
            "gzip" => true,
            "" or "identity" => false,
            var other => throw new NotTakenException($"the content encoding is '{other}', expected gzip or none"),
        };

    private static async Task<ReadOnlyMemory<byte>> MessageAsync(ReadOnlyMemory<byte> body, MemoryShare held)
    {
        if (body.Length < GrpcPrefix || BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]) != body.Length - GrpcPrefix)
            throw new WrongFormException("", "is no single gRPC message");
        if (body.Span[0] == 0)
            return body[GrpcPrefix..];
        using var message = new MemoryStream(body[GrpcPrefix..].ToArray());
        return await ReadAsync(message, isGzip: true, length: null, held).ConfigureAwait(false);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, bool isGzip, long? length, MemoryShare held)
    {
        held.Expect(length ?? 0);
        using var all = new MemoryStream();
        var source = isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            for (int read; (read = await source.ReadAsync(buffer).ConfigureAwait(false)) > 0; )
            {
                held.Add(read);
                await all.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    // Whatever its layout, a request is one line.
    private static ReadOnlySpan<byte> Line(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, s_bounded);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new WrongFormException("", "expected a JSON object");
        return Written(document.RootElement.WriteTo);
    }

    private static ReadOnlySpan<byte> Line(ReadOnlyMemory<byte> protobuf, Message schema) =>
        Written(writer => ProtobufToJson.Write(writer, protobuf.Span, schema));

    private static ReadOnlySpan<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, s_json))
            write(writer);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }
}
