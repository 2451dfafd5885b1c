using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Shapes;

/// <summary>What one request to the model told of a call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Request">The request.</param>
/// <param name="Text">What it told.</param>
/// <param name="IsFirst">Whether it is the first that told of the call: a later one may have cleared or cut what is old.</param>
/// <param name="IsMarked">Whether it marks what it tells as an error.</param>
/// <param name="SaysNothing">Whether it tells nothing, and its content was recorded, so that this is no gap of the recording.</param>
internal sealed record ToldResult(ToolCall Call, ModelCall Request, string Text, bool IsFirst, bool IsMarked, bool SaysNothing);

/// <summary>
/// What the model was told of the calls of a run. Calls whose id another call has too are left out: nobody knows which of them was meant.
/// </summary>
internal static class ToldResults
{
    /// <summary>Everything that a request told of a call that had ended before it.</summary>
    public static IReadOnlyList<ToldResult> Of(AgentRun run)
    {
        var calls = Named(run);
        var first = new HashSet<string>(StringComparer.Ordinal);
        List<ToldResult> told = [];
        foreach (var model in run.ModelCalls.Where(m => m.Input is not null))
        {
            var hasText = RecordsAll(run) || model.Input!.Any(m => m.Parts.Any(p => p is TextPart { Content.Length: > 0 }));
            List<string> seen = [];
            foreach (var part in model.Input!.SelectMany(m => m.Parts).OfType<ToolResultPart>())
                if (
                    part.CallId is not null
                    && calls.TryGetValue(part.CallId, out var call)
                    && model.Attempts[0].StartNanos >= call.Span.EndNanos
                )
                {
                    var saysNothing = part.IsBlank && hasText && !part.IsError;
                    told.Add(new(call, model, part.Result, !first.Contains(part.CallId), part.IsError, saysNothing));
                    seen.Add(part.CallId);
                }
            first.UnionWith(seen);
        }
        return told;
    }

    /// <summary>The calls of a run by their ids.</summary>
    public static Dictionary<string, ToolCall> Named(AgentRun run) =>
        run
            .ToolCalls.Where(c => !string.IsNullOrEmpty(c.CallId))
            .GroupBy(c => c.CallId!, StringComparer.Ordinal)
            .Where(g => g.Count() == 1)
            .ToDictionary(g => g.Key, g => g.Single(), StringComparer.Ordinal);

    /// <summary>Whether everything that was told is recorded whole: what the harness writes itself has no gaps.</summary>
    public static bool RecordsAll(AgentRun run) => run.Dialect == Harness.DialectName;
}
