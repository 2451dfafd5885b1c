using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Diagnosis;

/// <summary>What one thing is called in spans, logs and metrics by those who write them; the first name that has a value counts.</summary>
internal static class KnownNames
{
    // A session or a conversation is no run: it holds many.
    public static readonly string[] RunId =
    [
        "run_id",
        "run.id",
        "agent.run_id",
        "agent_run_id",
        "task_id",
        "task.id",
        "job_id",
        "request_id",
    ];
    public static readonly string[] TraceId = ["trace_id", "traceId", "trace.id", "TraceId", "otel.trace_id"];
    public static readonly string[] SpanId = ["span_id", "spanId", "span.id", "SpanId"];
    public static readonly string[] Release =
    [
        "release",
        "service.version",
        "service_version",
        "app.version",
        "deployment.release",
        "version",
    ];
    public static readonly string[] Workflow =
    [
        "workflow",
        "workflow.name",
        "workflow_name",
        .. DialectNames.Workflows,
        "gen_ai.agent.name",
        "agent_name",
        "gen_ai.workflow.name",
    ];
    public static readonly string[] Environment =
    [
        "deployment.environment.name",
        "deployment.environment",
        "deployment_environment",
        "environment",
    ];
    public static readonly string[] Tool = ["tool", "tool_name", "tool.name", "gen_ai.tool.name"];
    public static readonly string[] Arguments = ["arguments", "args", "tool_arguments", "gen_ai.tool.call.arguments"];
    public static readonly string[] ArgumentsHash = ["args_hash", "arguments_hash", "args.hash", "tool.args_hash"];
    public static readonly string[] Event = ["event", "event.name", "event_name", "eventName"];
    public static readonly string[] StopReason = ["stop_reason", "stop.reason", "stopReason", "agent.stop_reason"];
    public static readonly string[] ErrorClass = ["error_class", "error.class", "error.type", "error_type", "exception.type"];
    public static readonly string[] Status = ["status", "outcome", "result"];
    public static readonly string[] Model = ["model", "gen_ai.request.model", "model_name", .. DialectNames.Models];
    public static readonly string[] Time = ["timestamp", "time", "ts", "@timestamp", "datetime", "Timestamp"];
    public static readonly string[] Message = ["message", "msg", "body", "text"];

    /// <summary>Names that no metric may have as a label: each run, request or user would be a series of its own.</summary>
    public static readonly string[] HighCardinality =
    [
        "run_id",
        "trace_id",
        "span_id",
        "request_id",
        "user_id",
        "session_id",
        "conversation_id",
        "task_id",
        "job_id",
        "customer_id",
        "email",
        "message_id",
        "call_id",
        "attempt_id",
    ];

    /// <summary>The first value there is.</summary>
    public static string? Text(this AttributeSet attributes, string[] names)
    {
        foreach (var name in names)
            if (attributes.Text(name) is { Length: > 0 } text)
                return text;
        return null;
    }

    /// <summary>The first value there is on a span or its resource.</summary>
    public static string? Text(this Span span, string[] names)
    {
        foreach (var name in names)
            if (span.Text(name) is { Length: > 0 } text)
                return text;
        return null;
    }
}
