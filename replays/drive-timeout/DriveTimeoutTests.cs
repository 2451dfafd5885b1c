using ReplayHarness.Judging;
using ReplayHarness.NUnit;
using static VerifyNUnit.Verifier;

namespace Replays.DriveTimeout;

/// <summary>
/// The incident: a run died when one of two parallel reads of a Drive file hung for 60 s. While it is open, the deployed agent (shipped) is
/// expected to reproduce it: the fix turns that test red until expected.json says <c>removed</c>.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class DriveTimeoutTests
{
    [ReplayCases]
    public async Task Verdict(ReplayCase replay) => Assert.That(await replay.RunAsync(), replay.IsAsExpected);

    [ReplayCases(TogetherOnly = true)]
    public async Task Snapshot(ReplayCase replay) => await Verify(await replay.SnapshotAsync()).UseTextForParameters(replay.Agent);

    // A test of a fix is worth nothing where it could not fail: the same assertion must refuse the agent as it failed.
    [ReplayCases(Agent = "shipped")]
    public async Task Can_fail(ReplayCase replay)
    {
        var report = await replay.RunAsync();
        var fixedOnly = replay.Hypothesis is null ? Shows.FailureRemoved : Shows.Verdict(replay.Hypothesis, VerdictKind.Removed);
        Assert.That(fixedOnly.ApplyTo(report).IsSuccess, Is.False);
    }
}
