using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Traces.Scanning;

/// <summary>A form of large file that can be read by trace: how it is scanned, and how what an index points at is decoded.</summary>
internal abstract class LargeFormat
{
    /// <summary>The form of a file, or null where it has to be loaded whole.</summary>
    public static LargeFormat? Of(string path)
    {
        var head = new byte[4096];
        using var stream = TraceFiles.Open(path);
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (length > 0 && head[0] == '{')
            return new OtlpJsonLines();
        if (head.AsSpan(0, length).StartsWith(ParquetContainer.Magic))
            return null;
        var framing = ProtobufFrames.Of(head.AsSpan(0, length));
        return framing is Framing.None or Framing.Single ? null : new OtlpProtobufFrames(framing);
    }

    /// <summary>What a range of the file holds, in the order of the file.</summary>
    public abstract SpanTable[] Scan(SafeFileHandle file, long from, long to, WantedKeys keys, IProgress<long>? progress);

    /// <summary>Whether an index ends with a whole request, so that it can go on where the file has grown.</summary>
    public abstract bool EndsUnit(SafeFileHandle file, TraceIndex index);

    /// <summary>The attributes of a resource; told of those that are left out.</summary>
    public abstract AttributeSet ResourceOf(ReadOnlyMemory<byte> bytes, LeaveOut leaveOut);

    /// <summary>The name and the version of a scope.</summary>
    public abstract (string Name, string Version) ScopeOf(ReadOnlyMemory<byte> bytes);

    /// <summary>A span; told of its attributes that are left out.</summary>
    /// <exception cref="WrongFormException">It has not the form of one.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public abstract Span SpanOf(ReadOnlyMemory<byte> bytes, AttributeSet resource, (string Name, string Version) scope, LeaveOut leaveOut);

    /// <summary>Reads a part that the scanner left, and reports what is wrong with it.</summary>
    public abstract void ReadOdd(Stream stream, long offset, string path, SpanCollector spans, LineNumbers lines);
}

/// <summary>OTLP/JSON, one request a line.</summary>
internal sealed class OtlpJsonLines : LargeFormat
{
    public override SpanTable[] Scan(SafeFileHandle file, long from, long to, WantedKeys keys, IProgress<long>? progress) =>
        FileScan.Run(file, from, to, keys, progress);

    public override bool EndsUnit(SafeFileHandle file, TraceIndex index)
    {
        Span<byte> around = stackalloc byte[2];
        return index.Covered == 0 || (RandomAccess.Read(file, around, index.Covered - 1) == 2 && (around[0] == '\n' || around[1] == '\n'));
    }

    public override AttributeSet ResourceOf(ReadOnlyMemory<byte> bytes, LeaveOut leaveOut)
    {
        using var document = JsonDocument.Parse(bytes, JsonContainer.Options);
        return OtlpJsonReader.AttributesOf(document.RootElement, leaveOut);
    }

    public override (string Name, string Version) ScopeOf(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes, JsonContainer.Options);
        return OtlpJsonReader.NameAndVersion(document.RootElement);
    }

    public override Span SpanOf(ReadOnlyMemory<byte> bytes, AttributeSet resource, (string Name, string Version) scope, LeaveOut leaveOut)
    {
        using var document = JsonDocument.Parse(bytes, JsonContainer.Options);
        return OtlpJsonReader.SpanOf(document.RootElement, resource, scope, leaveOut);
    }

    public override void ReadOdd(Stream stream, long offset, string path, SpanCollector spans, LineNumbers lines)
    {
        var number = lines.At(offset);
        stream.Position = offset;
        new JsonContainer(spans, path).ReadOne(new LineReader(stream, path, spans, number));
    }
}
