using System.Globalization;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>One pass: what came since the last is read and counted, and what is new is captured. The state is written after it.</summary>
internal sealed class WatchPass(WatchOptions options, WatchedSource source, ShapeFixtures fixtures, Action<string> tell)
{
    private readonly Dictionary<string, Sighting> _sightings = new(StringComparer.Ordinal);
    private long? _waiting;
    private int _captured;

    /// <summary>How many traces are not whole yet.</summary>
    public int Waiting { get; private set; }

    /// <summary>How many failures were counted.</summary>
    public long Failures => _sightings.Values.Sum(s => s.Runs);

    /// <summary>Runs it.</summary>
    /// <param name="state">What is known, to which what comes is added; it is written by the caller.</param>
    /// <param name="nowNanos">The time, since 1970.</param>
    /// <param name="token">Ends it before it has changed the state.</param>
    public IReadOnlyList<WatchEvent> Run(WatchState state, long nowNanos, CancellationToken token)
    {
        var settled = nowNanos - (long)options.Settle.TotalNanoseconds;
        var counted = CountedTraces.Parse(state.Counted, options.State);
        void TellOnce(string problem)
        {
            if (state.TellOnce(problem))
                tell(problem);
        }
        Read(state, counted, nowNanos, settled, TellOnce, token);
        _captured = state.Shapes.Values.Count(s => s.Fixture is not null);
        var events = new List<WatchEvent>();
        foreach (var (fingerprint, sighting) in _sightings.OrderBy(s => s.Value.FirstNanos).ThenBy(s => s.Key, StringComparer.Ordinal))
        {
            token.ThrowIfCancellationRequested();
            events.AddRange(Add(state, fingerprint, sighting, TellOnce));
        }
        source.Mark(state, _waiting, settled);
        state.Counted = counted.ToString();
        return events;
    }

    private void Read(
        WatchState state,
        CountedTraces counted,
        long nowNanos,
        long settled,
        Action<string> tellOnce,
        CancellationToken token
    )
    {
        var fragments = new List<Trace>();
        foreach (var (trace, failure, isFragment) in source.Read(state, Inspect, tellOnce))
        {
            token.ThrowIfCancellationRequested();
            var end = trace.Spans.Max(s => s.EndNanos);
            // What has a wrong clock has nothing to wait for.
            if (end > settled && end < nowNanos + WatchedSource.ClockNanos)
            {
                Waiting++;
                _waiting = Math.Min(_waiting ?? long.MaxValue, trace.Spans[^1].StartNanos);
            }
            else if (isFragment)
                fragments.Add(trace);
            else if (failure is not null)
                Count(state, counted, failure);
        }
        var byId = fragments.ToLookup(t => t.TraceId, StringComparer.Ordinal);
        foreach (var run in AgentRuns.Read(fragments))
            if (Failure.Of([run], [.. run.TraceIds.SelectMany(id => byId[id])]) is { } failure)
                Count(state, counted, failure);
    }

    // A fragment of a run waits for the others.
    private static (Trace Trace, Failure? Failure, bool IsFragment) Inspect(Trace trace) =>
        AgentRuns.IsFragment(trace) ? (trace, null, true) : (trace, Failure.Of(AgentRuns.Read(trace), [trace]), false);

    private void Count(WatchState state, CountedTraces counted, Failure failure)
    {
        if (failure.Release.Length > 0)
            state.Releases[failure.Release] = Math.Min(
                state.Releases.GetValueOrDefault(failure.Release, long.MaxValue),
                failure.StartNanos
            );
        if (failure.Shape.IsHealthy || failure.Traces.Count == 0 || !counted.Add(failure.Traces[0].TraceId))
            return;
        var fingerprint = failure.Shape.Fingerprint;
        if (!_sightings.TryGetValue(fingerprint, out var sighting))
        {
            var isCaptured = state.Shapes.TryGetValue(fingerprint, out var known) && known.Fixture is not null;
            // Its traces are let go where nobody needs them.
            _sightings[fingerprint] = sighting = new(failure with { Traces = [] }) { Example = isCaptured ? [] : failure.Traces };
        }
        sighting.Add(failure);
    }

    private List<WatchEvent> Add(WatchState state, string fingerprint, Sighting sighting, Action<string> tellOnce)
    {
        var isNew = !state.Shapes.TryGetValue(fingerprint, out var known);
        if (known is null)
        {
            known = new() { Example = sighting.Example[0].TraceId };
            known.Describe(sighting.First.Shape.Identity.Select(i => i.ToString()));
        }
        string[] later = isNew ? [] : [.. LaterReleases(state, known, sighting)];
        sighting.AddTo(known);
        var hasNote = known.Fixture is not null || Capture(fingerprint, known, sighting.Example, tellOnce);
        // After the fixture: the state never names what is not there.
        state.Shapes[fingerprint] = known;
        if (hasNote)
            WatchNote.Write(
                Path.Combine(options.Out, ShapeFixtures.NameOf(fingerprint), WatchNote.FileName),
                fingerprint,
                known,
                options
            );
        return isNew
            ? [WatchEvent.Of(WatchEvent.NewShape, fingerprint, known)]
            : [.. later.Select(release => WatchEvent.Of(WatchEvent.LaterRelease, fingerprint, known, release))];
    }

    // Whether there is something to write a note of.
    private bool Capture(string fingerprint, KnownShape known, IReadOnlyList<Trace> example, Action<string> tellOnce)
    {
        try
        {
            var fixture = fixtures.Existing(fingerprint);
            // Who can name tools can make shapes without end.
            if (fixture is null && _captured >= options.Most)
            {
                known.Problem = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{options.Most} shapes have a fixture, the most that --most allows; others are counted only"
                );
                tellOnce(known.Problem);
                return false;
            }
            fixture ??= fixtures.Capture(fingerprint, example);
            _captured++;
            known.Fixture = fixtures.FolderOf(fingerprint);
            known.Describe(fixture.Shape.Identity.Select(i => i.ToString()));
            known.Problem = null;
        }
        catch (BadInputException e)
        {
            known.Problem = e.Message;
            tellOnce($"shape {fingerprint}: no fixture: {e.Message}");
        }
        return true;
    }

    // Those that began after every release that showed it before: a shape comes back, or was never mended.
    private static IEnumerable<string> LaterReleases(WatchState state, KnownShape known, Sighting sighting)
    {
        var before = known
            .Releases.Keys.Where(r => r.Length > 0)
            .Select(r => state.Releases.GetValueOrDefault(r))
            .DefaultIfEmpty(long.MaxValue)
            .Max();
        return sighting.Releases.Keys.Where(r => r.Length > 0 && !known.Releases.ContainsKey(r) && state.Releases[r] > before);
    }
}
