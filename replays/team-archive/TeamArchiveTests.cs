using ReplayHarness.NUnit;
using static VerifyNUnit.Verifier;

namespace Replays.TeamArchive;

/// <summary>
/// Tools over EF Core and SQLite, without HTTP: two calls used one context at once.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TeamArchiveTests
{
    [ReplayCases]
    public async Task Verdict(ReplayCase replay) => Assert.That(await replay.RunAsync(), replay.IsAsExpected);

    [ReplayCases(TogetherOnly = true)]
    public async Task Snapshot(ReplayCase replay) => await Verify(await replay.SnapshotAsync()).UseTextForParameters(replay.Agent);
}
