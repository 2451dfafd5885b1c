using System.Globalization;
using ReplayHarness.Diagnosis.Logs;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Readiness;

/// <summary>One thing that an investigation needs.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Holds">Whether the input has it.</param>
/// <param name="Found">What was found.</param>
/// <param name="Fix">How to get it where it is missing.</param>
internal sealed record ChecklistItem(string Name, bool Holds, string Found, string Fix);

/// <summary>Whether an incident could be investigated with what there is: nine items in the order of an investigation.</summary>
internal sealed class Checklist
{
    private readonly IReadOnlyList<LogRecord>? _logs;
    private readonly MetricsSnapshot? _metrics;
    private readonly string? _baseline;
    private readonly HashSet<string> _releases = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stopped;
    private readonly SortedSet<string> _contentFixes = new(StringComparer.Ordinal),
        _tracingFixes = new(StringComparer.Ordinal);
    private Count _runId,
        _segments,
        _traced,
        _content,
        _stop,
        _classes,
        _repeated;
    private int _runs,
        _failedThings;

    /// <param name="logs">The logs, or null where none were given.</param>
    /// <param name="metrics">The metrics, or null where none were given.</param>
    /// <param name="baseline">The release that is compared with, or null for any other one.</param>
    public Checklist(IReadOnlyList<LogRecord>? logs, MetricsSnapshot? metrics, string? baseline)
    {
        (_logs, _metrics, _baseline) = (logs, metrics, baseline);
        _stopped = (logs ?? [])
            .Where(r => r.Event == "run_finished" && r.Attributes.Text(KnownNames.StopReason) is not null)
            .SelectMany(r => new[] { r.TraceId, r.RunId })
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Looks at one run.</summary>
    public void Add(InspectedRun inspected)
    {
        var run = inspected.Run;
        var context = RunContext.Of([run]);
        _runs++;
        _runId.Add(context.RunId is not null);
        _segments.Add(context is { Release: not null, Workflow: not null });
        if (context.Release is not null)
            _releases.Add(context.Release);
        var ended = !PendingCalls.IsWithoutRoot(run);
        if ((AddFixes(run) && !run.ToolCalls.Any() ? false : IsTraced(run, ended)) is { } traced)
            _traced.Add(traced);
        foreach (var model in run.ModelCalls.Where(m => !ContentText.IsEmbedding(m)))
            _content.Add(ContentText.IsThere(model.Input) && (model.Error is not null || ContentText.IsThere(model.Output)));
        foreach (var call in run.ToolCalls)
            _content.Add(ContentText.IsThere(call.Arguments) && (call.Error is not null || ContentText.IsThere(call.Result)));
        foreach (var call in run.ToolCalls)
            _repeated.Add(ContentText.IsThere(call.Arguments));
        if (ended)
            _stop.Add(
                run.StopReason is not null
                    || SaysWhyItEnded(run)
                    || context.TraceIds.Any(_stopped.Contains)
                    || (context.RunId is var (_, id) && _stopped.Contains(id))
            );
        foreach (var error in run.ToolCalls.Select(c => c.Error).Append(run.Error).OfType<CallError>())
        {
            _failedThings++;
            _classes.Add(!ErrorClass.Of(error).StartsWith("other:", StringComparison.Ordinal) || error.Type.Length > 0);
        }
    }

    // Null where there is nothing to trace. A call that was going on when its run was killed left no span, whoever instruments it.
    private static bool? IsTraced(AgentRun run, bool ended)
    {
        var (asked, made) = (AskedCalls(run) - NeverMade(run), run.ToolCalls.Count());
        if (made > 0)
            return asked <= made || !ended;
        return !ended || (asked == 0 && run.ModelCalls.All(m => m.Output is not null || m.Error is not null)) ? null : false;
    }

    // An error of the run's own is why it ended; so is the model's last answer, where nothing came after it.
    private static bool SaysWhyItEnded(AgentRun run) =>
        run.Error is { Type.Length: > 0 }
        || (
            run.ModelCalls.LastOrDefault() is { Error: null, FinishReason: not (null or "tool_calls") } last
            && run.ToolCalls.All(c => c.Span.StartNanos < last.Span.EndNanos)
        );

    // Who wrote a run is known better than who reads this. True where its tracing has a gap.
    private bool AddFixes(AgentRun run)
    {
        var writer = TelemetryWriters.Of(run);
        var gaps = TelemetryGap.Of(run).ToLookup(g => g.Remedy == TelemetryRemedies.Content(writer), g => g.Remedy);
        _contentFixes.UnionWith(gaps[true]);
        _tracingFixes.UnionWith(gaps[false]);
        return gaps[false].Any();
    }

    private static string FixOf(SortedSet<string> known, string usual) => known.Count > 0 ? string.Join("; ", known) : usual;

    /// <summary>The nine items.</summary>
    public IReadOnlyList<ChecklistItem> Items =>
        [
            new(
                "run_id on every run",
                _runId.All,
                $"{_runId} runs have one",
                "put the id of the task or the run (run_id, task_id) on every span that touches it"
            ),
            Correlation(),
            new(
                "release and workflow of every run",
                _segments.All,
                $"{_segments} runs have both",
                "put service.version on the resource and workflow on the run's span"
            ),
            new(
                "tool calls traced",
                _traced.IsEmpty || _traced.All,
                _traced.IsEmpty ? "no run called a tool" : $"{_traced} runs have a span for each call that the model asked for",
                FixOf(_tracingFixes, "instrument the tool calls, a span each (gen_ai.operation.name=execute_tool)")
            ),
            new(
                "content captured",
                _content.All,
                $"{_content} calls have their content",
                FixOf(_contentFixes, TelemetryRemedies.AnyContent)
            ),
            new(
                "stop_reason of every run",
                _stop.IsEmpty || _stop.All,
                _stop.IsEmpty ? "no run has ended" : $"{_stop} runs have one, on a span, by their last answer or error, or in run_finished",
                "log run_finished with stop_reason, or put stop_reason on the run's span"
            ),
            new(
                "error_class of every failure",
                _failedThings == 0 || _classes.All,
                _failedThings == 0 ? "nothing failed" : $"{_classes} failures have one",
                "record exceptions with their type (Activity.AddException, recordException; error.type)"
            ),
            Repetition(),
            Baseline(),
        ];

    private ChecklistItem Correlation()
    {
        const string Name = "logs name trace_id or run_id",
            Fix = "write trace_id and run_id into every log record, and give the logs too";
        if (_logs is null)
            return new(Name, false, "no logs were given", Fix);
        var count = default(Count);
        foreach (var record in _logs)
            count.Add(record.TraceId is not null || record.RunId is not null);
        return new(Name, count.All, $"{count} records name one", Fix);
    }

    private ChecklistItem Repetition()
    {
        const string Name = "repeated calls can be told",
            Fix = "log tool_call with args_hash, or capture the arguments";
        var logged = (_logs ?? []).Where(r => r.Event == "tool_call").ToArray();
        if (logged.Length > 0 && Array.TrueForAll(logged, r => r.ArgumentsKey is not null))
            return new(Name, true, $"{logged.Length} tool_call records have args_hash", Fix);
        if (_repeated.IsEmpty)
            return new(Name, true, "no run called a tool", Fix);
        return new(Name, _repeated.All, $"{_repeated} tool calls have their arguments", Fix);
    }

    private ChecklistItem Baseline()
    {
        const string Name = "metrics and a release to compare with",
            Fix = "give metrics with run_latency_p95 and error_rate, and keep runs of the release before, or release_error_rate_delta";
        var compared =
            _metrics?.ReleaseErrorRateDelta is not null
            || _metrics?.BaselineErrorRate is not null
            || (_baseline is null ? _releases.Count > 1 : _releases.Contains(_baseline));
        var measured = _metrics is { RunLatencyP95: not null, ErrorRate: not null };
        var what =
            _metrics is null ? "no metrics were given (they can be computed from the traces)"
            : measured ? $"{_metrics.Origin} has latency and error rate"
            : $"{_metrics.Origin} lacks run_latency_p95 or error_rate";
        return new(
            Name,
            compared && (measured || _metrics is null && _runs > 1),
            $"{what}; {(compared ? "a release to compare with is there" : "no other release to compare with")}",
            Fix
        );
    }

    // The messages tell how many calls the model asked for.
    private static int AskedCalls(AgentRun run) =>
        run.ModelCalls.Where(m => m.Output is not null).Sum(m => m.Output!.Sum(o => o.Parts.Count(p => p is ToolCallPart)));

    // An agent that makes its calls one after the other makes none behind the one that ended its run.
    private static int NeverMade(AgentRun run) =>
        run is { Failed: true, Turns: [.., { Model.Output: { } output, Calls: [.., { Error: not null } last] calls }] }
        && calls.All(c => c == last || c.Span.EndNanos <= last.Span.StartNanos)
            ? Math.Max(0, output.Sum(o => o.Parts.Count(p => p is ToolCallPart)) - calls.Count)
            : 0;

    private struct Count
    {
        private int _good,
            _all;

        public readonly bool IsEmpty => _all == 0;

        public readonly bool All => _all > 0 && _good == _all;

        public void Add(bool good)
        {
            _all++;
            if (good)
                _good++;
        }

        public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_good} of {_all}");
    }
}
