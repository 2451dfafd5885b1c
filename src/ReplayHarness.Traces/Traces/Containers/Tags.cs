namespace ReplayHarness.Traces.Containers;

/// <summary>
/// What OpenTelemetry writes as tags where a store has no field for it (compatibility specification for Jaeger and Zipkin):
/// <c>otel.status_code</c>, <c>otel.status_description</c>, <c>otel.scope.name</c>, <c>span.kind</c>, <c>error</c>.
/// </summary>
internal static class Tags
{
    private static readonly HashSet<string> s_taken = new(StringComparer.Ordinal)
    {
        "otel.status_code",
        "otel.status_description",
        "otel.scope.name",
        "otel.scope.version",
        "otel.library.name",
        "otel.library.version",
        "span.kind",
        "w3c.tracestate",
        "otel.dropped_attributes_count",
        "otel.dropped_events_count",
        "otel.dropped_links_count",
    };

    /// <summary>The span with the tags that stand for its fields in their places, the others as attributes.</summary>
    public static Span WithTags(this Span span, IReadOnlyCollection<KeyValuePair<string, object?>> tags)
    {
        var all = new AttributeSet([.. tags]);
        var error = all.Text("error");
        var status = Rows.Status(all.Text("otel.status_code"));
        if (status == SpanStatus.Unset && error is not (null or "false"))
            status = SpanStatus.Error;
        // Where error=true or a repetition of the description stands for the status alone, it is no attribute.
        var repeats = status == SpanStatus.Error && error is not null && all.Has("otel.status_code");
        return span with
        {
            Status = status,
            StatusMessage = all.Text("otel.status_description") ?? (error is null or "true" or "false" ? null : error),
            Kind = all.Text("span.kind") is { } kind ? Rows.Kind(kind) : span.Kind,
            Scope = all.Text("otel.scope.name") ?? all.Text("otel.library.name") ?? "",
            ScopeVersion = all.Text("otel.scope.version") ?? all.Text("otel.library.version") ?? "",
            TraceState = all.Text("w3c.tracestate") ?? "",
            Dropped = new(
                all.Number("otel.dropped_attributes_count") ?? 0,
                all.Number("otel.dropped_events_count") ?? 0,
                all.Number("otel.dropped_links_count") ?? 0
            ),
            Attributes = tags.Where(t => !s_taken.Contains(t.Key) && !(t.Key == "error" && repeats)).With(),
        };
    }
}
