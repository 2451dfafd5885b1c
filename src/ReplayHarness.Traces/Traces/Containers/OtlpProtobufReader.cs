namespace ReplayHarness.Traces.Containers;

/// <summary>Reads an ExportTraceServiceRequest in OTLP's protobuf encoding (opentelemetry-proto 1.x field numbers).</summary>
internal sealed class OtlpProtobufReader(SpanCollector spans, string source)
{
    private const int MaxDepth = 64;

    /// <summary>Reads one request, which stands at a place of its file.</summary>
    public void Read(ReadOnlySpan<byte> request, long at = 0)
    {
        var reader = new ProtobufReader(request, at);
        try
        {
            while (reader.Next(evenCut: true))
                if (reader.Field == 1)
                    ReadResource(reader.Bytes, reader.At);
        }
        catch (WrongFormException e)
        {
            Report(reader.At, $"the protobuf message {e.Message}; what came before was kept");
        }
    }

    private void ReadResource(ReadOnlySpan<byte> message, long at)
    {
        var resource = AttributeSet.None;
        var reader = new ProtobufReader(message, at);
        while (reader.Next(evenCut: true))
            if (reader.Field == 1)
                resource = AttributesOf(reader.Bytes, 1);
        reader = new ProtobufReader(message, at);
        while (reader.Next(evenCut: true))
            if (reader.Field == 2)
                ReadScope(reader.Bytes, reader.At, resource);
    }

    private void ReadScope(ReadOnlySpan<byte> message, long at, AttributeSet resource)
    {
        var scope = (Name: "", Version: "");
        var reader = new ProtobufReader(message, at);
        while (reader.Next(evenCut: true))
            if (reader.Field == 1)
                scope = ScopeOf(reader.Bytes);
        reader = new ProtobufReader(message, at);
        while (reader.Next(evenCut: true))
            if (reader.Field == 2)
                ReadSpan(reader.Bytes, reader.At, resource, scope);
    }

    private void ReadSpan(ReadOnlySpan<byte> message, long at, AttributeSet resource, (string Name, string Version) scope)
    {
        try
        {
            spans.Add(
                SpanOf(message) with
                {
                    Resource = resource,
                    Scope = scope.Name,
                    ScopeVersion = scope.Version,
                },
                new(source, null, null, Byte(at), "")
            );
        }
        catch (WrongFormException e)
        {
            Report(at, $"a span {e.Message}; it was left out");
        }
    }

    private void Report(long at, string message) => spans.Report(new(source, null, null, Byte(at), message));

    private static string Byte(long at) => $"byte {at}";

    internal static (string Name, string Version) ScopeOf(ReadOnlySpan<byte> message)
    {
        var scope = (Name: "", Version: "");
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                scope.Name = reader.Text;
            if (reader.Field == 2)
                scope.Version = reader.Text;
        }
        return scope;
    }

    internal static Span SpanOf(ReadOnlySpan<byte> message)
    {
        var span = new Span("", "", null, "", 0, 0);
        var events = new List<SpanEvent>();
        var links = new List<SpanLink>();
        var dropped = default(DroppedCounts);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    span = span with { TraceId = IdOf(reader.Bytes, 16, "trace id") };
                    break;
                case 2:
                    span = span with { SpanId = IdOf(reader.Bytes, 8, "span id") };
                    break;
                case 3:
                    span = span with { TraceState = reader.Text };
                    break;
                case 4:
                    span = span with
                    {
                        ParentSpanId = reader.Bytes.IndexOfAnyExcept((byte)0) < 0 ? null : IdOf(reader.Bytes, 8, "parent id"),
                    };
                    break;
                case 5:
                    span = span with { Name = reader.Text };
                    break;
                case 6:
                    span = span with { Kind = (int)reader.Number };
                    break;
                case 7:
                    span = span with { StartNanos = (long)reader.Number };
                    break;
                case 8:
                    span = span with { EndNanos = (long)reader.Number };
                    break;
                case 10:
                    dropped = dropped with { Attributes = (long)reader.Number };
                    break;
                case 11:
                    events.Add(EventOf(reader.Bytes));
                    break;
                case 12:
                    dropped = dropped with { Events = (long)reader.Number };
                    break;
                case 13:
                    links.Add(LinkOf(reader.Bytes));
                    break;
                case 14:
                    dropped = dropped with { Links = (long)reader.Number };
                    break;
                case 15:
                    span = WithStatus(span, reader.Bytes);
                    break;
                case 16:
                    span = span with { Flags = (uint)reader.Number };
                    break;
            }
        }
        if (span.TraceId.Length == 0 || span.SpanId.Length == 0)
            throw new WrongFormException("", "holds a span without ids");
        return span with { Attributes = AttributesOf(message, 9), Events = events, Links = links, Dropped = dropped };
    }

    private static string IdOf(ReadOnlySpan<byte> id, int bytes, string what) =>
        id.Length == bytes
            ? Convert.ToHexStringLower(id)
            : throw new WrongFormException("", $"holds a {what} of {id.Length} bytes; expected {bytes}");

    private static Span WithStatus(Span span, ReadOnlySpan<byte> status)
    {
        var reader = new ProtobufReader(status);
        while (reader.Next())
            span =
                reader.Field == 2 ? span with { StatusMessage = reader.Text }
                : reader.Field == 3 ? span with { Status = (SpanStatus)reader.Number }
                : span;
        return span;
    }

    private static SpanLink LinkOf(ReadOnlySpan<byte> message)
    {
        string traceId = "",
            spanId = "";
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                traceId = IdOf(reader.Bytes, 16, "linked trace id");
            if (reader.Field == 2)
                spanId = IdOf(reader.Bytes, 8, "linked span id");
        }
        return new(traceId, spanId, AttributesOf(message, 4));
    }

    private static SpanEvent EventOf(ReadOnlySpan<byte> message)
    {
        var name = "";
        long time = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                time = (long)reader.Number;
            if (reader.Field == 2)
                name = reader.Text;
        }
        return new(name, time, AttributesOf(message, 3));
    }

    internal static AttributeSet AttributesOf(ReadOnlySpan<byte> message, int field, int depth = 0)
    {
        var items = new List<KeyValuePair<string, object?>>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
            if (reader.Field == field)
                items.Add(KeyValueOf(reader.Bytes, depth));
        return items.Count == 0 ? AttributeSet.None : new([.. items]);
    }

    private static KeyValuePair<string, object?> KeyValueOf(ReadOnlySpan<byte> message, int depth)
    {
        var key = "";
        object? value = null;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                key = reader.Text;
            if (reader.Field == 2)
                value = ValueOf(reader.Bytes, depth + 1);
        }
        return new(key, value);
    }

    private static object? ValueOf(ReadOnlySpan<byte> message, int depth)
    {
        if (depth > MaxDepth)
            throw new WrongFormException("", $"holds a value nested deeper than {MaxDepth} levels, the most that is read");
        var reader = new ProtobufReader(message);
        if (!reader.Next())
            return null;
        return reader.Field switch
        {
            1 => reader.Text,
            2 => reader.Number != 0,
            3 => (long)reader.Number,
            4 => BitConverter.UInt64BitsToDouble(reader.Number),
            5 => ListOf(reader.Bytes, depth),
            6 => MapOf(reader.Bytes, depth),
            7 => reader.Bytes.ToArray(),
            _ => null,
        };
    }

    private static Dictionary<string, object?> MapOf(ReadOnlySpan<byte> message, int depth)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in AttributesOf(message, 1, depth))
            map[key] = value;
        return map;
    }

    private static object?[] ListOf(ReadOnlySpan<byte> message, int depth)
    {
        var items = new List<object?>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
            if (reader.Field == 1)
                items.Add(ValueOf(reader.Bytes, depth + 1));
        return [.. items];
    }
}
