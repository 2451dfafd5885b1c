using System.Globalization;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Benchmarks.Ingest;

/// <summary>
/// A day of an agent service as the collector's file exporter would have written it: traces interleaved, 16 to 256 spans a request, prompts
/// of some kilobytes, the root with the task's id last; one trace in fifty fails. The same seed gives the same file.
/// </summary>
internal sealed class DayFile(int seed, bool smallSpans)
{
    private static readonly string[] s_words = (
        "the agent should read file parse result error value span tool call list user request plan step check query index timeout retry "
        + "model token context class test assert branch patch server cache memory budget search answer "
        + "“naïve” größer 日本 \"quoted\" C:\\path"
    ).Split(' ');
    private static readonly string[] s_tools = ["read_file", "run_tests", "web_search", "sql_query", "apply_patch"];
    private static readonly string[] s_errors =
    [
        "TimeoutError",
        "RateLimitError",
        "ToolArgumentError",
        "ContextLengthExceeded",
        "AssertionError",
    ];
    private static readonly AttributeSet s_resource = Set(
        ("service.name", "agent-runtime"),
        ("service.version", "1.4.2"),
        ("deployment.environment.name", "production")
    );

    private readonly Random _random = new(seed);
    private readonly List<string> _paragraphs = [];
    private long _clock = 1_790_000_000_000_000_000;
    private int _traces,
        _spanId;

    private sealed class Live
    {
        public required string TraceId,
            RootId,
            Task;
        public required long Start;
        public required int Length,
            FailsAt;
        public string? Error;
        public int Step;
        public long Now;
    }

    /// <summary>The task whose traces are looked for: one that comes late in the file, and is over.</summary>
    public string LastTask => $"task-{_traces - 200:D7}";

    /// <summary>Writes requests, one a line, until the file has the size; the same as protobuf frames beside it.</summary>
    public void Write(string path, long bytes)
    {
        for (var i = 0; i < 512; i++)
            _paragraphs.Add(
                string.Join(' ', Enumerable.Range(0, _random.Next(8, 60)).Select(_ => s_words[_random.Next(s_words.Length)])) + "\n"
            );
        using var output = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using var frames = new FileStream(path + ".pb", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        var protobuf = new ProtobufWriter(frames);
        Live[] live = [.. Enumerable.Range(0, 32).Select(_ => Begin())];
        while (output.Position < bytes)
        {
            var batch = new List<Span>();
            for (var n = _random.Next(16, 257); n > 0; n--)
            {
                var i = _random.Next(live.Length);
                batch.Add(Next(live[i]));
                if (live[i].Step == live[i].Length)
                    live[i] = Begin();
                _clock += _random.Next(100_000, 3_000_000);
            }
            OtlpJson.WriteRequest(output, batch);
            protobuf.WriteRequest(batch);
        }
    }

    private Live Begin()
    {
        var length = _random.Next(10, 61);
        var trace = new Live
        {
            TraceId = $"{_random.NextInt64():x16}{_random.NextInt64():x16}",
            RootId = $"{_random.NextInt64():x16}",
            Task = $"task-{_traces++:D7}",
            Start = _clock,
            Length = length,
            FailsAt = _random.Next(50) == 0 ? _random.Next(1, length - 1) : -1,
        };
        trace.Now = trace.Start;
        return trace;
    }

    private Span Next(Live trace)
    {
        var step = trace.Step++;
        if (step == trace.Length - 1)
            return Failed(Root(trace), trace.Error);
        var start = trace.Now + _random.Next(1000, 3_000_000);
        trace.Now = start + _random.Next(5_000_000, 2_000_000_000);
        var span = new Span(trace.TraceId, $"{++_spanId:x16}", trace.RootId, "", start, trace.Now)
        {
            Resource = s_resource,
            Scope = "agent",
            Kind = 1,
        };
        span = (step % 2) == 0 ? span with { Name = "chat m", Attributes = Chat(trace.Task) } : Tool(span);
        if (step != trace.FailsAt)
            return span;
        trace.Error = s_errors[_random.Next(s_errors.Length)];
        return Failed(span, trace.Error);
    }

    private static Span Root(Live trace) =>
        new(trace.TraceId, trace.RootId, null, "invoke_agent coder", trace.Start, trace.Now + 1_000_000)
        {
            Resource = s_resource,
            Scope = "agent",
            Kind = 1,
            Attributes = Set(("gen_ai.operation.name", "invoke_agent"), ("task_id", trace.Task), ("session.id", trace.Task[^3..])),
        };

    // A prompt in ten speaks of the task, which a search for text finds as well.
    private AttributeSet Chat(string task) =>
        Set(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.input.messages", Messages("user", 2000, 20_000, _random.Next(10) == 0 ? $"Working on {task}. " : "")),
            ("gen_ai.output.messages", Messages("assistant", 200, 1500)),
            ("gen_ai.usage.input_tokens", (long)_random.Next(500, 6000))
        );

    private Span Tool(Span span)
    {
        var tool = s_tools[_random.Next(s_tools.Length)];
        return span with
        {
            Name = $"execute_tool {tool}",
            Attributes = Set(
                ("gen_ai.operation.name", "execute_tool"),
                ("gen_ai.tool.name", tool),
                ("gen_ai.tool.call.id", $"call_{span.SpanId}"),
                ("gen_ai.tool.call.arguments", """{"path":"src/a.cs"}"""),
                ("gen_ai.tool.call.result", Text(200, 4000))
            ),
        };
    }

    private string Messages(string role, int least, int most, string lead = "") =>
        Json.Write(
            new object[]
            {
                new Dictionary<string, object?>
                {
                    ["role"] = role,
                    ["parts"] = new object[]
                    {
                        new Dictionary<string, object?> { ["type"] = "text", ["content"] = lead + Text(least, most) },
                    },
                },
            }
        );

    private string Text(int least, int most)
    {
        if (smallSpans)
            return "ref://blob";
        var text = new StringBuilder();
        for (var size = _random.Next(least, most); text.Length < size; )
            text.Append(_paragraphs[_random.Next(_paragraphs.Count)]);
        return text.ToString();
    }

    private static Span Failed(Span span, string? error) =>
        error is null
            ? span
            : span with
            {
                Status = SpanStatus.Error,
                StatusMessage = $"{error}: failed",
                Events = [new("exception", span.EndNanos, Set(("exception.type", error), ("exception.message", "failed")))],
            };

    private static AttributeSet Set(params (string Key, object? Value)[] items) =>
        new([.. items.Select(i => KeyValuePair.Create(i.Key, i.Value))]);
}
