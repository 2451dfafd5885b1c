using ReplayHarness.Judging;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// What stands around a tool is the agent's own code: middleware, filters and functions that delegate meet the captured error, and are
/// judged by what they make of it.
/// </summary>
public sealed class WrappedToolTests
{
    [TestCase("GalleryMiddlewareTells")]
    [TestCase("GalleryFunctionTells")]
    [TestCase("GalleryGivenTells")]
    [TestCase("GalleryFilterTells")]
    public Task What_tells_the_model_of_the_error_removes_what_the_run_died_of(string agent) =>
        TeamRuns.VerdictsAsync("gallery", agent, VerdictKind.Removed, VerdictKind.Removed, VerdictKind.Removed);

    [TestCase("GalleryMiddlewareToldOnly")]
    [TestCase("GalleryGivenToldOnly")]
    [TestCase("GalleryFilterToldOnly")]
    public Task What_tells_of_the_error_has_not_undone_it(string agent) =>
        TeamRuns.VerdictsAsync("gallery", agent, VerdictKind.SymptomRemoved, VerdictKind.Removed, VerdictKind.Changed);

    [TestCase("GalleryMiddlewareHides")]
    [TestCase("GalleryFunctionHides")]
    [TestCase("GalleryFilterHides")]
    [TestCase("GalleryFilterHidesOfFunctions")]
    public async Task What_hides_the_error_is_not_green(string agent)
    {
        var report = await TeamRuns.RunAsync("gallery", agent, "captured@tool");
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Changed).Or.EqualTo(VerdictKind.NotEstablished), report.Sentence);
    }

    [TestCase("GalleryMiddlewareTells")]
    [TestCase("GalleryGivenTells")]
    public async Task A_call_is_recorded_once(string agent)
    {
        var report = await TeamRuns.RunAsync("gallery", agent);
        foreach (var trace in report.Hypotheses.Select(h => h.Trace!))
            Assert.That(
                AgentRuns.Read(trace).Single().ToolCalls.Select(c => c.Name),
                Is.EquivalentTo(new[] { "find_painting", "find_guide" })
            );
    }
}
