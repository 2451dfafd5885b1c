using ReplayHarness.Diagnosis.Readiness;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Running.Together;

/// <summary>A run in which nothing went wrong, as a fixture that is thrown away afterwards, and variants of it.</summary>
internal sealed class HealthyRun : IDisposable
{
    private readonly Trace _trace;
    private readonly Agent _agent;
    private readonly ReplayOptions _options;
    private readonly IReadOnlyDictionary<string, HttpResponseFile> _http;
    private readonly string _folder;

    /// <param name="trace">Its trace.</param>
    /// <param name="http">A folder with authored responses of the agent's backend; null for none.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="options">How to replay it.</param>
    /// <exception cref="BadInputException">The trace holds no run, or one that failed.</exception>
    public HealthyRun(Trace trace, string? http, Agent agent, ReplayOptions options)
    {
        (_trace, _agent) = (trace, agent);
        CheckResults(trace);
        _options = options with { Hypotheses = [ParallelAtHttp.Called] };
        Fixture = Capture.Create("healthy-run", $"trace {trace.TraceId}", [trace], [], [], isHealthy: true);
        _http = http is null ? new Dictionary<string, HttpResponseFile>(StringComparer.Ordinal) : FixtureFolder.HttpIn(http);
        // Last: what is refused leaves nothing behind.
        _folder = Directory.CreateTempSubdirectory("replay-harness-parallel-").FullName;
    }

    // What a call gave is what it must give again.
    private static void CheckResults(Trace trace)
    {
        AgentRun[] runs = [.. AgentRuns.Read(trace)];
        if (runs.SelectMany(r => r.ToolCalls).FirstOrDefault(c => c is { Error: null, Result: null }) is not { } silent)
            return;
        var gap = runs.SelectMany(TelemetryGap.Of).FirstOrDefault();
        throw new BadInputException(
            $"trace {trace.TraceId}: the result of {silent.Name} was not recorded, so nobody could tell whether it is the same again"
                + (gap is null ? "" : $". Turn it on: {gap.Remedy}")
        );
    }

    /// <summary>The run.</summary>
    public Fixture Fixture { get; }

    /// <summary>Tools that change something each time, as the trace tells.</summary>
    public IReadOnlyList<string> Acting { get; private set; } = [];

    /// <summary>Replays it, or a variant, with the calls of each turn one after the other, as it was captured.</summary>
    /// <param name="variant">What is replayed.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="token">Stops it.</param>
    public Task<Tried> InTurnAsync(Fixture variant, IProgress<ReplayProgress>? progress, CancellationToken token) =>
        RunAsync(variant, atOnce: false, _options with { Schedules = Schedules.Captured, Races = false }, progress, token);

    /// <summary>Replays it as it was captured, and looks for races even so.</summary>
    public Task<Tried> AsCapturedAsync(IProgress<ReplayProgress>? progress, CancellationToken token)
    {
        var schedules = _options.Races ? Schedules.Races : Schedules.Captured;
        return RunAsync(Fixture, atOnce: false, _options with { Schedules = schedules }, progress, token);
    }

    /// <summary>Replays it, or a variant, with the calls of each turn at once, in all orders.</summary>
    public Task<Tried> AtOnceAsync(Fixture variant, IProgress<ReplayProgress>? progress, CancellationToken token) =>
        RunAsync(variant, atOnce: true, _options, progress, token);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Tried> RunAsync(
        Fixture variant,
        bool atOnce,
        ReplayOptions options,
        IProgress<ReplayProgress>? progress,
        CancellationToken token
    )
    {
        FixtureWriter.Write(_folder, variant, [_trace], [], _http);
        var folder = FixtureFolder.Load(_folder);
        var known = new FixtureIndex(folder).Known;
        Acting = [.. known.EffectsByMethod.Concat(known.Effects).Where(e => e.Value).Select(e => e.Key).Distinct(StringComparer.Ordinal)];
        var job = _agent.JobOf(_folder, options) with { ToolsAtOnce = atOnce };
        return new(await _agent.RunAsync(folder, job, progress, token), known with { AnswersAlone = true });
    }
}
