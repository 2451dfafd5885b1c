using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Server;

/// <summary>Takes OTLP requests as each protocol sends them.</summary>
internal static class OtlpEndpoints
{
    private const int MaxInflated = 256 << 20;
    private const int GrpcPrefix = 5;
    private const string GrpcOk = "0",
        GrpcInvalidArgument = "3",
        GrpcResourceExhausted = "8";

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions s_bounded = new() { MaxDepth = 128 };

    /// <summary>http/protobuf and http/json, told by the content type; the answer is in the same encoding.</summary>
    public static async Task HttpAsync(HttpContext context, Message schema, ILineSink file)
    {
        var isJson = context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        context.Response.ContentType = isJson ? "application/json" : "application/x-protobuf";
        try
        {
            var body = await ReadAsync(context.Request.Body, context.Request.Headers.ContentEncoding == "gzip").ConfigureAwait(false);
            file.Append(isJson ? Line(body) : Line(body, schema));
            if (isJson)
                await context.Response.WriteAsync("{}").ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or WrongFormException or InvalidDataException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync($"the request cannot be read: {e.Message}").ConfigureAwait(false);
        }
    }

    /// <summary>gRPC: one message with a prefix of five bytes, the status in the trailers.</summary>
    public static async Task GrpcAsync(HttpContext context, Message schema, ILineSink file)
    {
        context.Response.ContentType = "application/grpc";
        var status = GrpcOk;
        try
        {
            var body = await ReadAsync(context.Request.Body, isGzip: false).ConfigureAwait(false);
            file.Append(Line(await MessageAsync(body).ConfigureAwait(false), schema));
            // An empty message: everything was taken.
            await context.Response.Body.WriteAsync(new byte[GrpcPrefix]).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WrongFormException or InvalidDataException)
        {
            status = e is InvalidDataException ? GrpcResourceExhausted : GrpcInvalidArgument;
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(e.Message));
        }
        context.Response.AppendTrailer("grpc-status", status);
    }

    private static async Task<byte[]> MessageAsync(byte[] body)
    {
        if (body.Length < GrpcPrefix || BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)) != body.Length - GrpcPrefix)
            throw new WrongFormException("", "is no single gRPC message");
        using var message = new MemoryStream(body, GrpcPrefix, body.Length - GrpcPrefix);
        return await ReadAsync(message, isGzip: body[0] == 1).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, bool isGzip)
    {
        using var all = new MemoryStream();
        var source = isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        for (int read; (read = await source.ReadAsync(buffer).ConfigureAwait(false)) > 0; )
        {
            await all.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
            if (all.Length > MaxInflated)
                throw new InvalidDataException($"it is larger than {MaxInflated >> 20} MiB, the most that is taken");
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return all.ToArray();
    }

    // Whatever its layout, a request is one line.
    private static byte[] Line(byte[] json)
    {
        using var document = JsonDocument.Parse(json, s_bounded);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new WrongFormException("", "expected a JSON object");
        return Written(document.RootElement.WriteTo);
    }

    private static byte[] Line(byte[] protobuf, Message schema) => Written(writer => ProtobufToJson.Write(writer, protobuf, schema));

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, s_json))
            write(writer);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
