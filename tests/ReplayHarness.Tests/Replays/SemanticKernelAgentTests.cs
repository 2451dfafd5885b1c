using ReplayHarness.Judging;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// Semantic Kernel, whose connector tells a function's error to the model: what was captured is the mock's under captured@tool. Not
/// streamed it is an incident of the repository.
/// </summary>
public sealed class SemanticKernelAgentTests
{
    [TestCase("ferry-stream", "FerryStreamBroken", VerdictKind.Reproduced, VerdictKind.Reproduced)]
    [TestCase("ferry-stream", "FerryStreamFixed", VerdictKind.Removed, VerdictKind.Removed)]
    public Task A_plugin_runs_over_the_http_boundary(string incident, string agent, VerdictKind verdict, VerdictKind healthy) =>
        TeamRuns.VerdictsAsync(incident, agent, verdict, VerdictKind.NotEstablished, healthy);

    [Test]
    public Task Two_runs_have_one_log() => TeamRuns.OneLogAsync("ferry-stream", "FerryStreamFixed");
}
