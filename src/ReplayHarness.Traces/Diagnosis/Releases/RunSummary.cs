using ReplayHarness.Shapes;
using ReplayHarness.Shapes.Rules;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Releases;

/// <summary>What is kept of one run of many: enough to compare releases and to compute metrics.</summary>
/// <param name="TraceId">Its first trace.</param>
/// <param name="Context">Its segments.</param>
/// <param name="StartNanos">When it began, nanoseconds since the Unix epoch.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Failed">Whether it ended with an error.</param>
/// <param name="Shape">Its failure shape.</param>
/// <param name="Tools">Each tool call: its tool, how long it took, whether it failed.</param>
/// <param name="RepeatedCalls">Calls that repeat an earlier one (same tool and canonical arguments).</param>
internal sealed record RunSummary(
    string TraceId,
    RunContext Context,
    long StartNanos,
    TimeSpan Duration,
    bool Failed,
    FailureShape Shape,
    IReadOnlyList<(string Tool, TimeSpan Duration, bool Failed)> Tools,
    int RepeatedCalls
)
{
    /// <summary>The summary of a run.</summary>
    public static RunSummary Of(InspectedRun inspected)
    {
        var run = inspected.Run;
        var (start, end) = (run.Spans.Min(s => s.StartNanos), run.Spans.Max(s => s.EndNanos));
        return new(
            run.Trace.TraceId,
            RunContext.Of([run]),
            start,
            TimeSpan.FromTicks((end - start) / 100),
            run.Failed,
            inspected.Shape,
            [.. run.ToolCalls.Select(c => (c.Name, c.Span.Duration, c.Error is not null))],
            RepeatedToolCalls.Groups(run.ToolCalls).Sum(g => g.Count() - 1)
        );
    }
}
