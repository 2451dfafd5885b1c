using ReplayHarness.NUnit;
using static VerifyNUnit.Verifier;

namespace Replays.TeamGallery;

/// <summary>
/// Two agents of a workflow on Microsoft Agent Framework asked over one line at once, which carries one request.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TeamGalleryTests
{
    [ReplayCases]
    public async Task Verdict(ReplayCase replay) => Assert.That(await replay.RunAsync(), replay.IsAsExpected);

    [ReplayCases(TogetherOnly = true)]
    public async Task Snapshot(ReplayCase replay) => await Verify(await replay.SnapshotAsync()).UseTextForParameters(replay.Agent);
}
