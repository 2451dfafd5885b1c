using ReplayHarness.Diagnosis;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>A failure: the runs of a trace, or the run of several traces.</summary>
/// <param name="Shape">The shape of all its runs together, which is what a fixture of it has.</param>
/// <param name="Traces">Its traces.</param>
/// <param name="StartNanos">When it began.</param>
/// <param name="Release">Its release, or empty.</param>
internal sealed record Failure(FailureShape Shape, IReadOnlyList<Trace> Traces, long StartNanos, string Release)
{
    /// <summary>What some runs are, or null for none. Those in which nothing is wrong have a healthy shape.</summary>
    public static Failure? Of(IReadOnlyList<AgentRun> runs, IReadOnlyList<Trace> traces) =>
        runs.Count == 0
            ? null
            : new(
                new Incident([.. runs.Select(r => InspectedRun.Of(r))]).Shape,
                traces,
                runs[0].Spans[0].StartNanos,
                runs.Select(RunContext.ReleaseOf).FirstOrDefault(r => r is not null) ?? ""
            );
}

/// <summary>One shape in one pass.</summary>
internal sealed class Sighting(Failure first)
{
    public Failure First => first;

    /// <summary>The traces of the first, as long as there is no fixture.</summary>
    public IReadOnlyList<Trace> Example { get; init; } = [];

    public long Runs { get; private set; }

    public long FirstNanos { get; private set; } = long.MaxValue;

    public long LastNanos { get; private set; } = long.MinValue;

    public SortedDictionary<string, ReleaseCount> Releases { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts a failure.</summary>
    public void Add(Failure failure)
    {
        Runs++;
        FirstNanos = Math.Min(FirstNanos, failure.StartNanos);
        LastNanos = Math.Max(LastNanos, failure.StartNanos);
        if (!Releases.TryGetValue(failure.Release, out var count))
            Releases[failure.Release] = count = new();
        count.Runs++;
        count.FirstNanos = Math.Min(count.FirstNanos, failure.StartNanos);
    }

    /// <summary>Adds it to what is known.</summary>
    public void AddTo(KnownShape known)
    {
        known.Runs += Runs;
        known.FirstNanos = Math.Min(known.FirstNanos, FirstNanos);
        known.LastNanos = Math.Max(known.LastNanos, LastNanos);
        foreach (var (release, count) in Releases)
        {
            if (!known.Releases.TryGetValue(release, out var before))
                known.Releases[release] = before = new();
            before.Runs += count.Runs;
            before.FirstNanos = Math.Min(before.FirstNanos, count.FirstNanos);
        }
    }
}
