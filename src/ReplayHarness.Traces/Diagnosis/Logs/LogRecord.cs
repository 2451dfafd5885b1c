using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Logs;

/// <summary>One record of a log.</summary>
/// <param name="Source">The file, or - for standard input.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="TimeNanos">
/// Nanoseconds since the Unix epoch, or since midnight where <see cref="IsTimeOfDay"/>; null where none was recorded.
/// </param>
/// <param name="Message">Its text, or empty.</param>
/// <param name="Attributes">Its members.</param>
public sealed record LogRecord(string Source, long Line, long? TimeNanos, string Message, AttributeSet Attributes)
{
    /// <summary>True where the log says the time without a date.</summary>
    public bool IsTimeOfDay { get; init; }

    /// <summary>What happened, for example <c>tool_call</c>, <c>tool_result</c> or <c>run_finished</c>; or null.</summary>
    public string? Event => Attributes.Text(KnownNames.Event);

    /// <summary>32 hex digits, lower case; or null.</summary>
    public string? TraceId => Attributes.Text(KnownNames.TraceId)?.ToLowerInvariant();

    /// <summary>The run's id, or null.</summary>
    public string? RunId => Attributes.Text(KnownNames.RunId);

    /// <summary>The tool it speaks of, or null.</summary>
    public string? Tool => Attributes.Text(KnownNames.Tool);

    /// <summary>What tells equal arguments: the recorded hash, else the canonical arguments; or null.</summary>
    public string? ArgumentsKey =>
        Attributes.Text(KnownNames.ArgumentsHash) ?? (Attributes.Text(KnownNames.Arguments) is { } text ? Json.Canonical(text) : null);

    /// <summary>True for a result that is an error.</summary>
    public bool IsError =>
        Attributes.Text(KnownNames.Status) is { } status && status.ToLowerInvariant() is "error" or "failed" or "failure"
        || Attributes.Text(KnownNames.ErrorClass) is not null;
}
