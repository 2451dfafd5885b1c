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
    /// <param name="none">Is given the traces without a run, as long as no run was met; or null.</param>
    public static IEnumerable<InspectedRun> Of(Source source, ParseResult parsed, TraceQuery query, NoRun? none = null)
    {
        var fragments = new List<Trace>();
        var met = false;
        foreach (var (trace, runs) in source.Select(parsed, query, Inspect))
        {
            met |= runs is { Length: > 0 };
            if (runs is null)
                fragments.Add(trace);
            else if (!met)
                none?.Add(trace);
            foreach (var run in runs ?? [])
                yield return run;
        }
        foreach (var run in AgentRuns.Read(fragments))
            yield return InspectedRun.Of(run);
    }

    // A fragment of a run waits for the others: it has no runs yet.
    private static (Trace Trace, InspectedRun[]? Runs) Inspect(Trace trace) =>
        (trace, AgentRuns.IsFragment(trace) ? null : [.. AgentRuns.Read(trace).Select(r => InspectedRun.Of(r))]);
}
