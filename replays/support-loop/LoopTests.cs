using ReplayHarness.NUnit;
using static VerifyNUnit.Verifier;

namespace Replays.Support;

/// <summary>See expected.json: while the incident is open, the deployed agent is expected to reproduce it.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class LoopTests
{
    [ReplayCases]
    public async Task Verdict(ReplayCase replay) => Assert.That(await replay.RunAsync(), replay.IsAsExpected);

    [ReplayCases(TogetherOnly = true)]
    public async Task Snapshot(ReplayCase replay) => await Verify(await replay.SnapshotAsync()).UseTextForParameters(replay.Agent);
}
