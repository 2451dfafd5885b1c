using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Logs;

/// <summary>Where the logs and the spans of a run say different things. Both are shown; the spans are what is believed.</summary>
internal static class Contradictions
{
    private const long Tolerance = 1_000_000_000;
    private static readonly string[] s_well =
    [
        "completed",
        "complete",
        "done",
        "success",
        "succeeded",
        "ok",
        "stop",
        "end_turn",
        "final_answer",
        "finished",
    ];

    public static IReadOnlyList<string> Of(CorrelatedLogs logs, IReadOnlyList<AgentRun> attempts, RunContext context) =>
        [
            .. Traces(logs, context),
            .. Counts(logs, attempts),
            .. Times(logs, attempts),
            .. StopReasons(logs, attempts),
            .. Releases(logs, context),
        ];

    private static IEnumerable<string> Traces(CorrelatedLogs logs, RunContext context)
    {
        string[] missing =
        [
            .. logs
                .Records.Select(r => r.TraceId)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Except(context.TraceIds, StringComparer.Ordinal),
        ];
        if (missing.Length > 0)
            yield return $"the logs name {missing.Length} trace(s) of this run that the traces do not hold: "
                + $"{string.Join(", ", missing.Take(3))}";
    }

    // Only where the log tells of each call.
    private static IEnumerable<string> Counts(CorrelatedLogs logs, IReadOnlyList<AgentRun> attempts)
    {
        foreach (var tool in ToolsIn(logs))
        {
            var spans = attempts.SelectMany(a => a.ToolCalls).Where(c => c.Name == tool).ToArray();
            var called = logs.Records.Count(r => r.Event == "tool_call" && r.Tool == tool);
            var failed = logs.Records.Count(r => r.Event == "tool_result" && r.Tool == tool && r.IsError);
            var told = logs.Records.Count(r => r.Event == "tool_result" && r.Tool == tool);
            if (called > 0 && called != spans.Length)
                yield return $"the logs tell of {called} calls of {tool}, the spans of {spans.Length}";
            if (told == spans.Length && failed != spans.Count(c => c.Error is not null))
                yield return $"the logs tell of {failed} failed calls of {tool}, the spans of {spans.Count(c => c.Error is not null)}";
        }
    }

    private static IEnumerable<string> Times(CorrelatedLogs logs, IReadOnlyList<AgentRun> attempts)
    {
        foreach (var tool in ToolsIn(logs))
        {
            var spans = attempts.SelectMany(a => a.ToolCalls).Where(c => c.Name == tool).Select(c => c.Span).ToArray();
            foreach (
                var (name, verb, times) in new[]
                {
                    ("tool_call", "begin", spans.Select(s => s.StartNanos)),
                    ("tool_result", "end", spans.Select(s => s.EndNanos)),
                }
            )
                if (Offset(logs, tool, name, [.. times.Order()]) is var (count, least, most))
                    yield return $"{count} {name} record(s) of {tool} are {Between(least, most)} {(most < 0 ? "before" : "after")} their "
                        + $"spans {verb}";
        }
        var last = attempts.Max(a => a.Trace.Spans.Max(s => s.EndNanos));
        if (logs.Records.LastOrDefault(r => r.Event == "run_finished") is { TimeNanos: { } time } && Math.Abs(time - last) > Tolerance)
            yield return $"run_finished is logged {Durations.Text(TimeSpan.FromTicks(Math.Abs(time - last) / 100))} "
                + $"{(time < last ? "before" : "after")} the last span ends";
    }

    // The nth record belongs to the nth span, where there are as many of each.
    private static (int Count, long Least, long Most)? Offset(CorrelatedLogs logs, string tool, string name, long[] times)
    {
        long[] logged =
        [
            .. logs
                .Records.Where(r => r.Event == name && r.Tool == tool && r.TimeNanos is not null)
                .Select(r => r.TimeNanos!.Value)
                .Order(),
        ];
        if (logged.Length != times.Length)
            return null;
        long[] off = [.. logged.Zip(times, (l, t) => l - t).Where(d => Math.Abs(d) > Tolerance).OrderBy(Math.Abs)];
        return off.Length == 0 ? null : (off.Length, off[0], off[^1]);
    }

    private static string Between(long least, long most)
    {
        var (from, to) = (
            Durations.Text(TimeSpan.FromTicks(Math.Abs(least) / 100)),
            Durations.Text(TimeSpan.FromTicks(Math.Abs(most) / 100))
        );
        return from == to ? from : $"{from} to {to}";
    }

    private static IEnumerable<string> StopReasons(CorrelatedLogs logs, IReadOnlyList<AgentRun> attempts)
    {
        if (logs.Records.LastOrDefault(r => r.Event == "run_finished")?.Attributes.Text(KnownNames.StopReason) is not { } logged)
            yield break;
        var last = attempts[^1];
        if (last.StopReason is { } traced && traced != logged)
            yield return $"the logs say stop_reason {logged}, the span says {traced}";
        if (last.Failed && s_well.Contains(logged, StringComparer.OrdinalIgnoreCase))
            yield return $"the logs say stop_reason {logged}, but the run's span failed: {last.Error}";
    }

    private static IEnumerable<string> Releases(CorrelatedLogs logs, RunContext context)
    {
        if (context.Release is null)
            yield break;
        string[] others =
        [
            .. logs
                .Records.Select(r => r.Attributes.Text(KnownNames.Release))
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Where(r => r != context.Release),
        ];
        if (others.Length > 0)
            yield return $"the logs say release {string.Join(", ", others)}, the spans {context.Release}";
    }

    private static string[] ToolsIn(CorrelatedLogs logs) =>
        [.. logs.Records.Select(r => r.Tool).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
