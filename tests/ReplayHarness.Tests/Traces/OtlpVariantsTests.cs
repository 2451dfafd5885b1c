using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>The liberties that exporters and stores take with OTLP: each reads as the plain form does.</summary>
public sealed class OtlpVariantsTests
{
    private static readonly string[] s_statuses = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];
    private static readonly string[] s_kinds =
    [
        "SPAN_KIND_UNSPECIFIED",
        "SPAN_KIND_INTERNAL",
        "SPAN_KIND_SERVER",
        "SPAN_KIND_CLIENT",
        "SPAN_KIND_PRODUCER",
        "SPAN_KIND_CONSUMER",
    ];

    private static readonly Dictionary<string, Func<JsonObject, JsonNode>> s_variants = new()
    {
        ["enums by name"] = r =>
            EachMember(
                r,
                (name, value) =>
                    name == "code" && value is JsonValue code ? s_statuses[(int)code]
                    : name == "kind" && value is JsonValue kind ? s_kinds[(int)kind]
                    : null
            ),
        ["64-bit numbers as numbers"] = r =>
            EachMember(
                r,
                (name, value) =>
                    name is "startTimeUnixNano" or "endTimeUnixNano" or "timeUnixNano" or "intValue"
                        ? JsonValue.Create(long.Parse(value!.ToString(), CultureInfo.InvariantCulture))
                        : null
            ),
        ["64-bit numbers as text"] = r =>
            EachMember(
                r,
                (name, value) =>
                    name is "startTimeUnixNano" or "endTimeUnixNano" or "timeUnixNano" or "intValue"
                        ? JsonValue.Create(value!.ToString())
                        : null
            ),
        ["upper-case ids"] = r =>
            EachMember(
                r,
                (name, value) =>
                    name is "traceId" or "spanId" or "parentSpanId" ? JsonValue.Create(value!.ToString().ToUpperInvariant()) : null
            ),
        ["base64 ids"] = r =>
            EachMember(
                r,
                (name, value) =>
                    name is "traceId" or "spanId" or "parentSpanId"
                        ? JsonValue.Create(Convert.ToBase64String(Convert.FromHexString(value!.ToString())))
                        : null
            ),
        ["empty and zero parents"] = r =>
            EachMember(
                r,
                (name, value) => name == "parentSpanId" && value!.ToString().Length == 0 ? JsonValue.Create("0000000000000000") : null
            ),
        ["instrumentation libraries"] = r => Renamed(r, ("scopeSpans", "instrumentationLibrarySpans"), ("scope", "instrumentationLibrary")),
        ["protobuf's own names"] = r =>
            Renamed(
                r,
                ("resourceSpans", "resource_spans"),
                ("scopeSpans", "scope_spans"),
                ("traceId", "trace_id"),
                ("spanId", "span_id"),
                ("parentSpanId", "parent_span_id"),
                ("startTimeUnixNano", "start_time_unix_nano"),
                ("endTimeUnixNano", "end_time_unix_nano"),
                ("timeUnixNano", "time_unix_nano"),
                ("stringValue", "string_value"),
                ("intValue", "int_value"),
                ("boolValue", "bool_value"),
                ("doubleValue", "double_value"),
                ("arrayValue", "array_value")
            ),
        ["Tempo's batches"] = r => Renamed(r, ("resourceSpans", "batches")),
        ["Tempo's trace"] = r => new JsonObject { ["trace"] = r, ["metrics"] = new JsonObject() },
        ["Jaeger's API v3"] = r => new JsonObject { ["result"] = r },
        ["a list"] = r => new JsonArray(r),
        ["unknown members"] = r =>
            EachMember(r, (name, value) => name == "name" ? new JsonObject { ["not"] = "a name" } : null, only: "unknown"),
    };

    private static IEnumerable<TestCaseData> Cases() =>
        from variant in s_variants.Keys
        from file in Data.AllFiles().Where(f => f.EndsWith(".jsonl", StringComparison.Ordinal))
        select new TestCaseData(variant, file).SetArgDisplayNames(variant, Path.GetRelativePath(Data.Root, file));

    [TestCaseSource(nameof(Cases))]
    public void Reads_as_the_plain_form(string variant, string file)
    {
        var text = string.Concat(
            File.ReadLines(file)
                .Where(l => l.Length > 0)
                .Select(l => s_variants[variant]((JsonObject)JsonNode.Parse(l)!).ToJsonString() + "\n")
        );
        Assert.That(Written(Encoding.UTF8.GetBytes(text)), Is.EqualTo(Written(File.ReadAllBytes(file))));
    }

    public enum Frames
    {
        Length32,
        Grpc,
        Varint,
    }

    [Test]
    public void Frames_of_protobuf_read_as_their_requests(
        [Values] Frames frames,
        [Values("strands", "vercel-ai7-legacy", "langgraph-openinference-raise")] string framework
    )
    {
        string[] files = [.. Directory.GetFiles(Data.Path($"traces/{framework}"), "*.pb").Order(StringComparer.Ordinal)];
        byte[] framed = [.. files.SelectMany(f => Framed(File.ReadAllBytes(f), frames))];
        Assert.That(Written(framed), Is.EqualTo(Written(File.ReadAllBytes(Data.TracesOf(framework)))));
        var cut = Load(framed[..^20], strict: false);
        Assert.That(cut.Problems[^1].ToString(), Does.Contain("byte ").And.Contain("cut off"));
        Assert.That(cut.Traces.Sum(t => t.Spans.Count), Is.GreaterThan(0));
    }

    internal static byte[] Framed(byte[] request, Frames frames, bool compressed = false)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)request.Length);
        if (frames == Frames.Length32)
            return [.. length, .. request];
        if (frames == Frames.Grpc)
            return [(byte)(compressed ? 1 : 0), .. length, .. request];
        var varint = new List<byte>();
        for (var rest = (uint)request.Length; ; rest >>= 7)
        {
            varint.Add((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80)
                return [.. varint, .. request];
        }
    }

    private static string Written(byte[] bytes)
    {
        using var stream = new MemoryStream();
        OtlpJson.Write(stream, Load(bytes, strict: true).Traces);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static TraceSet Load(byte[] bytes, bool strict)
    {
        using var stream = new MemoryStream(bytes);
        return TraceFiles.Load(stream, "variant", strict);
    }

    private static JsonObject Renamed(JsonObject node, params (string From, string To)[] names)
    {
        foreach (var (name, value) in node.ToArray())
        {
            node.Remove(name);
            node[names.FirstOrDefault(n => n.From == name).To ?? name] = value;
            foreach (var child in Children(value))
                Renamed(child, names);
        }
        return node;
    }

    // Changes members in place, or adds one beside them.
    private static JsonObject EachMember(JsonObject node, Func<string, JsonNode?, JsonNode?> change, string? only = null)
    {
        foreach (var (name, value) in node.ToArray())
        {
            if (change(name, value) is { } changed)
                node[only ?? name] = changed;
            foreach (var child in Children(value))
                EachMember(child, change, only);
        }
        return node;
    }

    private static IEnumerable<JsonObject> Children(JsonNode? value) =>
        value is JsonArray list ? list.OfType<JsonObject>().ToArray()
        : value is JsonObject child ? [child]
        : [];
}
