using ReplayHarness.Judging;

namespace ReplayHarness.Tests.Replays;

/// <summary>Anthropic's client under Microsoft.Extensions.AI, streamed; not streamed it is an incident of the repository.</summary>
public sealed class AnthropicAgentTests
{
    [TestCase("garden-stream", "GardenStreamBroken", VerdictKind.Reproduced)]
    [TestCase("garden-stream", "GardenStreamFixed", VerdictKind.Removed)]
    public Task Each_hypothesis_says_it(string incident, string agent, VerdictKind verdict) =>
        TeamRuns.VerdictsAsync(incident, agent, verdict, verdict, verdict);

    [Test]
    public Task Two_runs_have_one_log() => TeamRuns.OneLogAsync("garden-stream", "GardenStreamFixed");
}
