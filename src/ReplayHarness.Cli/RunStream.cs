using System.CommandLine;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>
/// The inspected runs of a source, as they are read: traces on all processors, fragments of runs stitched together at the end.
/// </summary>
internal static class RunStream
{
    /// <param name="source">The source.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="query">Which traces.</param>
    /// <param name="seen">Told of each trace that was read.</param>
    public static IEnumerable<InspectedRun> Of(Source source, ParseResult parsed, TraceQuery query, Action? seen = null)
    {
        var fragments = new List<Trace>();
        foreach (var (fragment, runs) in source.Select(parsed, query, Inspect))
        {
            seen?.Invoke();
            if (fragment is not null)
                fragments.Add(fragment);
            foreach (var run in runs)
                yield return run;
        }
        foreach (var run in AgentRuns.Read(fragments))
            yield return InspectedRun.Of(run);
    }

    // A fragment of a run waits for the others.
    private static (Trace? Fragment, InspectedRun[] Runs) Inspect(Trace trace) =>
        AgentRuns.IsFragment(trace) ? (trace, []) : (null, [.. AgentRuns.Read(trace).Select(r => InspectedRun.Of(r))]);
}
