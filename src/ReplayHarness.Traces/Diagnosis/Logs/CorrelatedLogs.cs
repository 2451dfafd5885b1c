using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Logs;

/// <summary>The records of a log that belong to one run.</summary>
/// <param name="Records">In order of time, then of the file.</param>
/// <param name="ByTraceId">How many name one of the run's traces.</param>
/// <param name="ByRunId">How many name the run, but none of its traces.</param>
/// <param name="ByTime">How many name neither and fall into the run's time: they may belong to another run.</param>
public sealed record CorrelatedLogs(IReadOnlyList<LogRecord> Records, int ByTraceId, int ByRunId, int ByTime)
{
    private const long Slack = 1_000_000_000;
    private const long Day = 86_400_000_000_000;

    /// <summary>No logs were given, or none belongs to the run.</summary>
    public static CorrelatedLogs None { get; } = new([], 0, 0, 0);

    /// <summary>The records of a run: by trace id, else by run id, else by time.</summary>
    public static CorrelatedLogs Of(IEnumerable<LogRecord> records, IReadOnlyList<AgentRun> attempts)
    {
        var context = RunContext.Of(attempts);
        var traces = context.TraceIds.ToHashSet(StringComparer.Ordinal);
        var (start, end) = (attempts.Min(a => a.Trace.Spans[0].StartNanos), attempts.Max(a => a.Trace.Spans.Max(s => s.EndNanos)));
        List<LogRecord> found = [];
        int byTrace = 0,
            byRun = 0,
            byTime = 0;
        foreach (var record in records.Select(r => OnDayOf(r, start)))
        {
            if (record.TraceId is { } trace && traces.Contains(trace))
                byTrace++;
            else if (record.RunId is { } run && run == context.RunId?.Value)
                byRun++;
            else if (record.TraceId is null && record.RunId is null && record.TimeNanos >= start - Slack && record.TimeNanos <= end + Slack)
                byTime++;
            else
                continue;
            found.Add(record);
        }
        return new([.. found.OrderBy(r => r.TimeNanos ?? 0)], byTrace, byRun, byTime);
    }

    // A time without a date is that of the day on which it is nearest to the run.
    private static LogRecord OnDayOf(LogRecord record, long start)
    {
        if (!record.IsTimeOfDay)
            return record;
        var midnight = start - (start % Day);
        var nearest = new[] { midnight - Day, midnight, midnight + Day }.MinBy(day => Math.Abs(day + record.TimeNanos!.Value - start));
        return record with { TimeNanos = nearest + record.TimeNanos, IsTimeOfDay = false };
    }
}
