using ReplayHarness.NUnit;
using static VerifyNUnit.Verifier;

namespace Replays.TeamGarden;

/// <summary>
/// On Microsoft.Extensions.AI, over Anthropic's client: one call went through a list while another added to it.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TeamGardenTests
{
    [ReplayCases]
    public async Task Verdict(ReplayCase replay) => Assert.That(await replay.RunAsync(), replay.IsAsExpected);

    [ReplayCases(TogetherOnly = true)]
    public async Task Snapshot(ReplayCase replay) => await Verify(await replay.SnapshotAsync()).UseTextForParameters(replay.Agent);
}
