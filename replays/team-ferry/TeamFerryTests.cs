using ReplayHarness.NUnit;
using static VerifyNUnit.Verifier;

namespace Replays.TeamFerry;

/// <summary>
/// A plugin of Semantic Kernel heard the answer to another call, and waited in vain for its own. The kernel tells its model of every error,
/// so nothing dies of the captured one: what counts is how its code does over a healthy backend.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TeamFerryTests
{
    [ReplayCases]
    public async Task Verdict(ReplayCase replay) => Assert.That(await replay.RunAsync(), replay.IsAsExpected);

    [ReplayCases(TogetherOnly = true)]
    public async Task Snapshot(ReplayCase replay) => await Verify(await replay.SnapshotAsync()).UseTextForParameters(replay.Agent);
}
