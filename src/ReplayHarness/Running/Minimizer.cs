using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>How small a fixture became.</summary>
/// <param name="Attempts">Attempts, before and after.</param>
/// <param name="Calls">Calls that the model asks for, before and after.</param>
/// <param name="Results">Results that are not empty, before and after.</param>
/// <param name="Tried">How many smaller fixtures were replayed.</param>
public sealed record Minimized((int Before, int After) Attempts, (int Before, int After) Calls, (int Before, int After) Results, int Tried);

/// <summary>
/// Makes the smallest fixture with which an agent still shows the failure in the same hypotheses: first attempts, then calls, then results
/// go.
/// </summary>
public sealed class Minimizer
{
    private readonly Agent _agent;
    private readonly ReplayOptions _options;
    private readonly FixtureFolder _source;
    private readonly TraceSet _traces;
    private string[] _reproduced = [];
    private int _tried;

    /// <param name="fixture">The fixture's folder.</param>
    /// <param name="agent">An agent that shows the failure.</param>
    /// <param name="options">How to replay; null for every order, matched strictly.</param>
    /// <exception cref="BadInputException">The fixture cannot be read, or its traces are not there.</exception>
    public Minimizer(string fixture, Agent agent, ReplayOptions? options = null)
    {
        (_agent, _options) = (agent, options ?? new());
        _source = FixtureFolder.Load(fixture);
        _traces = TraceFiles.Load(_source.Traces, strict: false);
    }

    /// <summary>Writes the smallest fixture.</summary>
    /// <param name="target">The folder to write; it must not be the source.</param>
    /// <exception cref="BadInputException">The agent does not show the failure at all.</exception>
    public async Task<Minimized> WriteAsync(string target)
    {
        if (Path.GetFullPath(target) == Path.GetFullPath(_source.Path))
            throw new BadInputException($"{target}: is the fixture itself; write the smaller one elsewhere");
        var report = await Replayer.RunAsync(_source.Path, _agent, _options);
        _reproduced = [.. report.Hypotheses.Where(Shows).Select(h => h.Name)];
        if (_reproduced.Length == 0)
            throw new BadInputException(
                $"{_source.Path}: the agent does not reproduce the failure ({report.Verdict.Text()}), so there is nothing to minimise"
            );
        var full = _source.Fixture;
        var attempts = await DeltaDebugging.MinimizeAsync(
            [.. Enumerable.Range(1, full.Attempts.Count)],
            kept => FailsAsync(Reduction.KeepAttempts(full, kept))
        );
        var fewer = Reduction.KeepAttempts(full, attempts);
        var calls = await DeltaDebugging.MinimizeAsync(Reduction.Calls(fewer), kept => FailsAsync(Reduction.KeepCalls(fewer, kept)));
        var shorter = Reduction.KeepCalls(fewer, calls);
        var results = await DeltaDebugging.MinimizeAsync(
            Reduction.Results(shorter),
            kept => FailsAsync(Reduction.KeepResults(shorter, kept))
        );
        Save(target, Reduction.KeepResults(shorter, results));
        return new(
            (full.Attempts.Count, attempts.Count),
            (Reduction.Calls(full).Count, calls.Count),
            (Reduction.Results(full).Count, results.Count),
            _tried
        );
    }

    // Where a budget ran out, what was found stands all the same.
    private static bool Shows(HypothesisVerdict verdict) =>
        verdict is { Verdict: VerdictKind.Reproduced or VerdictKind.NotEstablished, Removed.Count: 0, Remaining.Count: > 0 };

    private async Task<bool> FailsAsync(Fixture candidate)
    {
        if (candidate.Attempts.Count == 0)
            return false;
        _tried++;
        var folder = Directory.CreateTempSubdirectory("replay-harness-minimize-").FullName;
        try
        {
            Save(folder, candidate);
            var report = await Replayer.RunAsync(folder, _agent, _options with { Hypotheses = _reproduced });
            return report.Hypotheses.All(Shows);
        }
        catch (BadInputException)
        {
            // Too small to be a fixture: a response takes its body from a result that is gone.
            return false;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Save(string folder, Fixture fixture) =>
        FixtureWriter.Write(
            folder,
            fixture,
            _traces.Traces,
            [],
            FixtureWriter.HttpOf(_source, answer => answer.BodyFromResult is not { } call || HasResult(fixture, call))
        );

    // A response whose body is the result of a call that is gone goes with it.
    private static bool HasResult(Fixture fixture, CallReference call)
    {
        var key = FixtureIndex.Key(call.Tool, call.Arguments);
        return fixture.Behaviours.Any(b => FixtureIndex.Key(b.Tool, b.Arguments) == key);
    }
}
