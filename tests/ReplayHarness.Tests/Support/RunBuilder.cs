using System.Globalization;
using System.Text.Json;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Tests.Support;

/// <summary>
/// Writes a run's spans as an instrumented agent would: a root, model calls, and the tool calls between them. Times are seconds.
/// </summary>
internal sealed class RunBuilder
{
    public const string TraceId = "0123456789abcdef0123456789abcdef";

    private readonly List<Span> _spans = [];
    private readonly double _epoch;
    private int _lastId;
    private bool _isOwn;

    public RunBuilder(double epoch = 1_790_000_000) => _epoch = epoch;

    public string RootName { get; init; } = "invoke_agent mail";

    public (string Type, string Message)? RootError { get; init; }

    /// <summary>What nobody caught after the run had ended, as only a replay can see it.</summary>
    public (string Type, string Message)? LateCrash { get; init; }

    /// <summary>When the run ends; null for with its last span.</summary>
    public double? Ends { get; init; }

    public string? StopReason { get; init; }

    public string? MissingParent { get; init; }

    public string? Release { get; init; }

    public string? Workflow { get; init; }

    public RunBuilder Model(
        double start,
        double seconds,
        (string Type, string Message)? error = null,
        string? input = null,
        string? output = null,
        string? finish = null
    ) =>
        Add(
            start,
            seconds,
            "chat model",
            error,
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "model"),
            ("gen_ai.input.messages", input),
            ("gen_ai.output.messages", output),
            ("gen_ai.response.finish_reasons", finish)
        );

    public RunBuilder Tool(
        string name,
        double start,
        double seconds,
        (string Type, string Message)? error = null,
        string? arguments = "{}",
        string? result = "ok",
        string? contendedWith = null,
        bool abandoned = false,
        string? callId = null
    )
    {
        _isOwn |= contendedWith is not null || abandoned;
        return Add(
            start,
            seconds,
            $"execute_tool {name}",
            error,
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", name),
            ("gen_ai.tool.call.id", callId),
            ("gen_ai.tool.call.arguments", arguments),
            ("gen_ai.tool.call.result", error is null ? result : null),
            (Harness.ContendedWithName, contendedWith),
            (Harness.AbandonedName, abandoned ? "true" : null)
        );
    }

    /// <summary>A request over HTTP within the span that was added last.</summary>
    public RunBuilder Http(
        double start,
        double seconds,
        string status,
        string? retryAfter = null,
        string method = "POST",
        string? url = null
    )
    {
        var parent = _spans.FindLast(s => !s.Attributes.Has("http.request.method"))!.SpanId;
        Add(
            start,
            seconds,
            method,
            null,
            ("http.request.method", method),
            ("url.full", url),
            ("http.response.status_code", status),
            ("http.response.header.retry-after", retryAfter)
        );
        _spans[^1] = _spans[^1] with { ParentSpanId = parent };
        return this;
    }

    /// <summary>A span within the run that is no call: a guardrail, a step.</summary>
    public RunBuilder Step(double start, double seconds, (string Type, string Message)? error = null) =>
        Add(start, seconds, "guardrail output_check", error);

    /// <summary>A span that failed outside the run.</summary>
    public RunBuilder Outside(double start, double seconds, (string Type, string Message) error)
    {
        Add(start, seconds, "GET /health", error);
        _spans[^1] = _spans[^1] with { ParentSpanId = null };
        return this;
    }

    /// <summary>An answer of the model.</summary>
    public static string Says(string text) =>
        JsonSerializer.Serialize(
            new object[] { new { role = "assistant", parts = new object[] { new { type = "text", content = text } } } }
        );

    /// <summary>A request to the model that holds a call and what it was answered.</summary>
    public static string Answered(string tool, string response) =>
        JsonSerializer.Serialize(
            new object[]
            {
                new
                {
                    role = "assistant",
                    parts = new object[]
                    {
                        new
                        {
                            type = "tool_call",
                            id = "c1",
                            name = tool,
                            arguments = new { id = 1 },
                        },
                    },
                },
                new
                {
                    role = "tool",
                    parts = new object[]
                    {
                        new
                        {
                            type = "tool_call_response",
                            id = "c1",
                            response,
                        },
                    },
                },
            }
        );

    /// <summary>The run, with a root that spans everything.</summary>
    public Trace Build()
    {
        var end =
            Ends is { } ends ? At(ends)
            : _spans.Count == 0 ? At(1)
            : _spans.Max(s => s.EndNanos);
        var root = new Span(TraceId, RootId, MissingParent, RootName, At(0), end)
        {
            Attributes = Attributes(("gen_ai.operation.name", "invoke_agent"), ("stop_reason", StopReason), ("workflow", Workflow)),
        };
        if (LateCrash is { } crash)
        {
            _isOwn = true;
            root = root with
            {
                Events =
                [
                    new(Harness.LateCrashEvent, end, Attributes(("exception.type", crash.Type), ("exception.message", crash.Message))),
                ],
            };
        }
        var resource = Attributes(("service.version", Release));
        return new Trace(TraceId, _spans.Prepend(Failed(root, RootError)).Select(s => (_isOwn ? Own(s) : s) with { Resource = resource }));
    }

    // Only the harness itself can tell what a call contended with.
    private static Span Own(Span span) =>
        span with
        {
            Scope = Harness.Scope,
            Attributes = new([.. span.Attributes, new(Harness.AttemptName, 1L)]),
        };

    public InspectedRun Inspect(IReadOnlyDictionary<(string, string), string>? expected = null) => Inspect(Build(), expected);

    public static InspectedRun Inspect(Trace trace, IReadOnlyDictionary<(string, string), string>? expected = null) =>
        InspectedRun.Of(AgentRuns.Read(trace).Single(), expected);

    /// <summary>The messages of a request to the model: calls that it asked for, and the ids of those that were answered.</summary>
    public static string Messages(string[] asked, string[] answered) =>
        JsonSerializer.Serialize(
            new object[]
            {
                new
                {
                    role = "assistant",
                    parts = asked.Select(id => new
                    {
                        type = "tool_call",
                        id,
                        name = "read",
                        arguments = new { id },
                    }),
                },
                new
                {
                    role = "tool",
                    parts = answered.Select(id => new
                    {
                        type = "tool_call_response",
                        id,
                        response = "text",
                    }),
                },
            }
        );

    /// <summary>The messages of a request to the model that tells what calls of one tool gave, by their ids.</summary>
    public static string Tells(params (string Id, object? Response)[] told) =>
        JsonSerializer.Serialize(
            new object[]
            {
                new { role = "user", parts = new object[] { new { type = "text", content = "read them" } } },
                new
                {
                    role = "assistant",
                    parts = told.Select(t => new
                    {
                        type = "tool_call",
                        id = t.Id,
                        name = "read",
                        arguments = new { t.Id },
                    }),
                },
                new
                {
                    role = "tool",
                    parts = told.Select(t => new
                    {
                        type = "tool_call_response",
                        id = t.Id,
                        response = t.Response,
                    }),
                },
            }
        );

    private const string RootId = "00000000ffffffff";

    private RunBuilder Add(
        double start,
        double seconds,
        string name,
        (string Type, string Message)? error,
        params (string, string?)[] attributes
    )
    {
        var id = (++_lastId).ToString("x16", CultureInfo.InvariantCulture);
        _spans.Add(
            Failed(new Span(TraceId, id, RootId, name, At(start), At(start + seconds)) { Attributes = Attributes(attributes) }, error)
        );
        return this;
    }

    private static Span Failed(Span span, (string Type, string Message)? error) =>
        error is not var (type, message)
            ? span
            : span with
            {
                Status = SpanStatus.Error,
                StatusMessage = message,
                Events = [new("exception", span.EndNanos, Attributes(("exception.type", type), ("exception.message", message)))],
            };

    private static AttributeSet Attributes(params (string Name, string? Value)[] items) =>
        new([.. items.Where(i => i.Value is not null).Select(i => KeyValuePair.Create(i.Name, (object?)i.Value))]);

    private long At(double seconds) => (long)Math.Round((_epoch + seconds) * 1e6) * 1000;
}
