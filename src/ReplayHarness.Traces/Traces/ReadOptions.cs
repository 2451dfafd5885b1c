namespace ReplayHarness.Traces;

/// <summary>How a source is read.</summary>
public sealed record ReadOptions
{
    /// <summary>Whether any problem of the input is fatal.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether an index may be kept beside a large file (<c>FILE.rhx</c>), so that asking it again is fast.</summary>
    public bool UseIndex { get; init; } = true;

    /// <summary>Files from this size on are scanned and read by trace; smaller ones are loaded whole. In bytes.</summary>
    public long LargeFrom { get; init; } = 16 << 20;

    /// <summary>Who is told how far the scan of a large file is.</summary>
    public IProgress<ReadProgress>? Progress { get; init; }
}

/// <summary>How far a scan is.</summary>
/// <param name="Path">The file.</param>
/// <param name="Done">Bytes scanned.</param>
/// <param name="Total">Bytes of the file.</param>
public readonly record struct ReadProgress(string Path, long Done, long Total);

/// <summary>Which traces to read; each condition that is given has to hold.</summary>
public sealed record TraceQuery
{
    /// <summary>Every trace.</summary>
    public static TraceQuery All { get; } = new();

    /// <summary>Some span has an attribute (or its resource has) of this name and value, for example a task's id; or null.</summary>
    public (string Key, string Value)? Where { get; init; }

    /// <summary>The trace's id begins with these hex digits, or null.</summary>
    public string? TraceId { get; init; }

    /// <summary>Some span's deployment environment is this one, or null.</summary>
    public string? Environment { get; init; }

    /// <summary>Some span begins at this time or later, nanoseconds since 1970; or null.</summary>
    public long? SinceNanos { get; init; }

    /// <summary>
    /// Some span has the status of an error. What fails without one (a soft error, a loop) is passed over: this is for triage.
    /// </summary>
    public bool FailedOnly { get; init; }

    /// <summary>Whether a trace is one of those asked for.</summary>
    public bool Matches(Trace trace) =>
        (TraceId is null || trace.TraceId.StartsWith(TraceId, StringComparison.OrdinalIgnoreCase))
        && (Environment is null || trace.Spans.Any(s => EnvironmentOf(s) == Environment))
        && (Where is not var (key, value) || trace.Spans.Any(s => s.Text(key) == value))
        && (SinceNanos is not { } since || trace.Spans[^1].StartNanos >= since)
        && (!FailedOnly || trace.Spans.Any(s => s.Status == SpanStatus.Error));

    private static string? EnvironmentOf(Span span) => span.Text("deployment.environment.name") ?? span.Text("deployment.environment");
}
