using System.CommandLine;
using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Logs;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Shapes;
using ReplayHarness.Stores;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>
/// Loads what a diagnosis is made from: the source once for all runs of the fleet, and once more for each run that is asked for.
/// </summary>
internal sealed class DiagnosisLoader(DebugOptions options, ParseResult parsed)
{
    public IEnumerable<RunDiagnosis> Load(IReadOnlyList<string> runs)
    {
        // What is read once only has to be kept; of everything else a summary is.
        var once = options.Traces.Text(parsed) == "-";
        var kept = new List<AgentRun>();
        var fleet = new List<RunSummary>();
        foreach (var run in RunStream.Of(options.Traces, parsed, TraceQuery.All))
        {
            fleet.Add(RunSummary.Of(run));
            if (once || runs.Any(id => IsCalled(run.Run, id)))
                kept.Add(run.Run);
        }
        var chosen = runs.Select(id => AttemptsOf(id, kept, fleet, once)).ToArray();
        foreach (var attempts in chosen)
            yield return RunDiagnosis.Of(Input(attempts, fleet));
    }

    // A trace id, the first digits of one, or the value of any attribute: what people have in their hands.
    private static bool IsCalled(AgentRun run, string id) =>
        IsTrace(run, id) || run.Trace.Spans.Any(s => s.Attributes.Any(a => s.Attributes.Text(a.Key) == id));

    private static bool IsTrace(AgentRun run, string id) =>
        id.Length >= 4 && run.TraceIds.Any(t => t.StartsWith(id, StringComparison.OrdinalIgnoreCase));

    private AgentRun[] AttemptsOf(string id, List<AgentRun> kept, List<RunSummary> fleet, bool once)
    {
        var source = options.Traces.Text(parsed);
        AgentRun[] named = [.. kept.Where(r => IsCalled(r, id)).OrderBy(r => r.Spans[0].StartNanos)];
        if (named.Length == 0)
            throw new BadInputException(
                $"{source}: none of {fleet.Count} run(s) is called {id}; expected a run's id or a trace id. List them with: "
                    + $"replay-harness inspect {source}"
            );
        string[] ids = [.. named.Select(r => RunContext.Of([r]).RunId?.Value).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (ids.Length > 1)
            throw new BadInputException(
                $"{source}: {id} is found in {ids.Length} runs: "
                    + $"{string.Join(", ", ids.Take(3))}{(ids.Length > 3 ? ", …" : "")}; give one of them"
            );
        // Attempts of one run are traces of their own.
        if (RunContext.Of(named).RunId is not var (key, value))
            return Same(id, source, named);
        var all = once
            ? kept.Where(r => r.Trace.Spans.Any(s => s.Text(key) == value))
            : AgentRuns.Read(options.Traces.Load(parsed, new TraceQuery { Where = (key, value) }));
        return [.. all.OrderBy(r => r.Spans[0].StartNanos)];
    }

    private static AgentRun[] Same(string id, string source, AgentRun[] named)
    {
        string[] traces = [.. named.Select(r => r.Trace.TraceId).Distinct(StringComparer.Ordinal)];
        return traces.Length == 1
            ? named
            : throw new BadInputException(
                $"{source}: {id} is found in {traces.Length} traces that no run_id joins: {string.Join(", ", traces.Take(3))}; "
                    + $"give one of the trace ids"
            );
    }

    private DiagnosisInput Input(AgentRun[] attempts, IReadOnlyList<RunSummary> fleet)
    {
        var context = RunContext.Of(attempts);
        var healthy = parsed.GetValue(options.Healthy);
        var input = new DiagnosisInput
        {
            Attempts = attempts,
            Fleet = fleet,
            Commands = Commands(attempts, context, healthy is null ? null : Secret.Hide(healthy)) with
            {
                KnowsAgent = parsed.GetValue(options.Agent) is not null,
            },
            Logs = LogsOf(attempts),
            Baseline = parsed.GetValue(options.Baseline),
            SloSeconds = parsed.GetValue(options.Slo) / 1000.0,
            Healthy = healthy is null ? [] : AgentRuns.Read(Source.Load(healthy)),
            Code = parsed.GetValue(options.Code) is { } code ? CodeBridge.Search(attempts[0], code) : [],
            Replays = [.. (parsed.GetValue(options.Replayed) ?? []).Select(ReplayEvidence.Read)],
        };
        CheckBaseline(fleet);
        return input with { Metrics = MetricsOf(input, context) };
    }

    private void CheckBaseline(IReadOnlyList<RunSummary> fleet)
    {
        if (parsed.GetValue(options.Baseline) is not { } baseline || parsed.GetValue(options.Metrics) is not null)
            return;
        string[] releases = [.. fleet.Select(r => r.Context.Release).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (!releases.Contains(baseline, StringComparer.Ordinal))
            throw new BadInputException(
                $"--baseline {baseline}: no run of {options.Traces.Text(parsed)} is of that release; there "
                    + $"{(releases.Length == 1 ? "is" : "are")} {(releases.Length == 0 ? "none" : string.Join(", ", releases))}"
            );
    }

    private CorrelatedLogs LogsOf(AgentRun[] attempts)
    {
        if (parsed.GetValue(options.Logs) is not { } logs)
            return CorrelatedLogs.None;
        if (logs == "-" && options.Traces.Text(parsed) == "-")
            throw new BadInputException("--logs -: standard input is read as traces already; give the logs as a file");
        var correlated = CorrelatedLogs.Of(LogFiles.Read(logs, Tell), attempts);
        if (correlated.Records.Count == 0)
            Console.Error.WriteLine(
                $"replay-harness: {logs}: no record names one of the run's traces or the run, and none without either falls into its time"
            );
        else if (correlated.ByTime > 0)
            Console.Error.WriteLine(
                $"replay-harness: {logs}: {correlated.ByTime} record(s) belong to the run by their time only, and may be "
                    + $"another's. Log run_id and trace_id"
            );
        return correlated;
    }

    private static void Tell(InputProblem problem) => Console.Error.WriteLine($"replay-harness: {problem}");

    private MetricsSnapshot? MetricsOf(DiagnosisInput input, RunContext context)
    {
        if (parsed.GetValue(options.Metrics) is not { } source)
            return null;
        if (source.EndsWith(OtlpMetrics.Extension, StringComparison.Ordinal))
            return OtlpMetrics.Read(
                source,
                parsed.GetValue(options.Metric) ?? [],
                context,
                input.FirstFailedTool,
                input.BaselineFor(context),
                Tell
            );
        if (!source.StartsWith(PrometheusMetrics.Prefix, StringComparison.Ordinal))
            return MetricsJson.Read(source);
        return PrometheusMetrics.Read(
            source,
            parsed.GetValue(options.Metric) ?? [],
            context,
            input.FirstFailedTool,
            input.BaselineFor(context),
            input.Attempts.Max(a => a.Trace.Spans.Max(s => s.EndNanos)),
            parsed.GetValue(options.Window)!
        );
    }

    private NextCommands Commands(AgentRun[] attempts, RunContext context, string? healthy)
    {
        var source = options.Traces.Text(parsed);
        var selector = context.RunId is var (key, value)
            ? $"--where {NextCommands.Quoted($"{key}={value}")}"
            : $"--trace {attempts[0].Trace.TraceId}";
        var agent = parsed.GetValue(options.Agent) ?? "AGENT.dll";
        if (parsed.GetValue(options.Fixture) is not { } folder)
            return new(source, selector, $"fixtures/{NameOf(context)}", false, [HealthyAtHttp.Called], agent, healthy);
        var fixture = Mending.Load(folder);
        var fingerprint = new Incident([.. attempts.Select(a => InspectedRun.Of(a))]).Shape.Fingerprint;
        return fixture.Fixture.Shape.Fingerprint == fingerprint
            ? new(source, selector, folder, true, Unready(fixture), agent, healthy)
            : throw new BadInputException(
                $"--fixture {folder}: was captured from the failure {fixture.Fixture.Shape.Fingerprint}, this run has "
                    + $"{fingerprint}; leave it out, or give the run's own"
            );
    }

    // What needs responses cannot be judged before they are authored.
    private static string[] Unready(FixtureFolder fixture) =>
        [.. fixture.Fixture.Hypotheses.Where(h => h.NeedsCalibration && fixture.Http.Count == 0).Select(h => h.Name)];

    // A folder's name: short, and the same every time.
    private static string NameOf(RunContext context)
    {
        const int Whole = 24,
            Digits = 8;
        var id = context.RunId?.Value ?? context.TraceIds[0];
        var name = string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        return name.Length <= Whole ? name : name[..Digits];
    }
}
