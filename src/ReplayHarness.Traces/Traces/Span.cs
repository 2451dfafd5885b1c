namespace ReplayHarness.Traces;

/// <summary>OpenTelemetry's span status code.</summary>
public enum SpanStatus
{
    /// <summary>Nothing was set.</summary>
    Unset = 0,

    /// <summary>Marked as successful.</summary>
    Ok = 1,

    /// <summary>Marked as failed.</summary>
    Error = 2,
}

/// <summary>An event of a span, for example an exception.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="TimeNanos">When it happened, nanoseconds since the Unix epoch.</param>
/// <param name="Attributes">Its attributes.</param>
public sealed record SpanEvent(string Name, long TimeNanos, AttributeSet Attributes);

/// <summary>A link of a span to another one.</summary>
/// <param name="TraceId">32 hex digits.</param>
/// <param name="SpanId">16 hex digits.</param>
/// <param name="Attributes">Its attributes.</param>
public sealed record SpanLink(string TraceId, string SpanId, AttributeSet Attributes);

/// <summary>What an exporter dropped because of its limits.</summary>
/// <param name="Attributes">Attributes of the span.</param>
/// <param name="Events">Events.</param>
/// <param name="Links">Links.</param>
public readonly record struct DroppedCounts(long Attributes, long Events, long Links);

/// <summary>One span of a trace, as in OpenTelemetry. Times are nanoseconds since the Unix epoch; ids are lower-case hex.</summary>
/// <param name="TraceId">32 hex digits.</param>
/// <param name="SpanId">16 hex digits.</param>
/// <param name="ParentSpanId">16 hex digits, or null for a root.</param>
/// <param name="Name">The span's name.</param>
/// <param name="StartNanos">Start time.</param>
/// <param name="EndNanos">End time, never before the start.</param>
public sealed record Span(string TraceId, string SpanId, string? ParentSpanId, string Name, long StartNanos, long EndNanos)
{
    /// <summary>The status code.</summary>
    public SpanStatus Status { get; init; }

    /// <summary>The status message, where one was set.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>OpenTelemetry's SpanKind number (0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer).</summary>
    public int Kind { get; init; }

    /// <summary>The span's attributes.</summary>
    public AttributeSet Attributes { get; init; } = AttributeSet.None;

    /// <summary>The span's events in the order they were recorded.</summary>
    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    /// <summary>The attributes of the resource that emitted the span (service.name, deployment.environment.name, …).</summary>
    public AttributeSet Resource { get; init; } = AttributeSet.None;

    /// <summary>The instrumentation scope's name, or empty.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The instrumentation scope's version, or empty.</summary>
    public string ScopeVersion { get; init; } = "";

    /// <summary>Links to spans of this or other traces.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    /// <summary>The W3C trace state, or empty.</summary>
    public string TraceState { get; init; } = "";

    /// <summary>OpenTelemetry's span flags: the W3C trace flags in the low byte.</summary>
    public uint Flags { get; init; }

    /// <summary>How many attributes, events and links the exporter dropped: what is missing from the record.</summary>
    public DroppedCounts Dropped { get; init; }

    /// <summary>End minus start.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks((EndNanos - StartNanos) / 100);

    /// <summary>The value of a span attribute, or of the resource attribute of the same name where the span has none.</summary>
    public string? Text(string name) => Attributes.Text(name) ?? Resource.Text(name);
}
