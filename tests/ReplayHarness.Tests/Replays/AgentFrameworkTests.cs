using ReplayHarness.Judging;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// Microsoft Agent Framework: one agent, a session of two questions, a hand-off. Two agents at once are an incident of the repository.
/// </summary>
public sealed class AgentFrameworkTests
{
    [TestCase("gallery", "GalleryBroken")]
    [TestCase("gallery-stream", "GalleryStreamBroken")]
    [TestCase("gallery-twice", "GalleryTwiceBroken")]
    [TestCase("gallery-hand-off", "GalleryHandOffBroken")]
    public Task The_broken_agent_is_reproduced(string incident, string agent) =>
        TeamRuns.VerdictsAsync(incident, agent, VerdictKind.Reproduced, VerdictKind.Reproduced, VerdictKind.Reproduced);

    [TestCase("gallery", "GalleryFixed")]
    [TestCase("gallery-stream", "GalleryStreamFixed")]
    [TestCase("gallery-twice", "GalleryTwiceFixed")]
    [TestCase("gallery-hand-off", "GalleryHandOffFixed")]
    public Task The_fix_removes_it(string incident, string agent) =>
        TeamRuns.VerdictsAsync(incident, agent, VerdictKind.Removed, VerdictKind.Removed, VerdictKind.Removed);

    [Test]
    public async Task Mending_only_the_race_leaves_what_a_failing_tool_does()
    {
        var report = await TeamRuns.RunAsync("gallery", "GalleryRaceOnly");
        Assert.That(
            report.Hypotheses.Select(h => h.Verdict),
            Is.EqualTo(new[] { VerdictKind.Reproduced, VerdictKind.Removed }),
            report.Sentence
        );
    }

    [Test]
    public Task An_error_that_is_only_told_leaves_the_cause() =>
        TeamRuns.VerdictsAsync("gallery", "GalleryToldOnly", VerdictKind.SymptomRemoved, VerdictKind.Removed, VerdictKind.Changed);

    // The recording ends where the run died, so the answer that is read is one that nobody recorded.
    [TestCase("GalleryStructuredMock")]
    [TestCase("GalleryStructuredChat")]
    [TestCase("GalleryStructuredResponses")]
    [TestCase("GalleryStructuredClaude")]
    public Task A_fixed_agent_that_reads_its_answer_as_a_type_is_green(string agent) =>
        TeamRuns.VerdictsAsync("gallery", agent, VerdictKind.Removed, VerdictKind.Removed, VerdictKind.Removed);

    [TestCase("gallery", "GalleryFixed")]
    [TestCase("gallery-hand-off", "GalleryHandOffBroken")]
    public Task Two_runs_have_one_log(string incident, string agent) => TeamRuns.OneLogAsync(incident, agent);
}
