using ReplayHarness.NUnit;
using static VerifyNUnit.Verifier;

namespace Replays.OrderDesk;

/// <summary>
/// Agents on the official SDKs of OpenAI and Anthropic, which run as they are: the model answers them over HTTP, in their own formats.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class OrderDeskTests
{
    [ReplayCases]
    public async Task Verdict(ReplayCase replay) => Assert.That(await replay.RunAsync(), replay.IsAsExpected);

    [ReplayCases(TogetherOnly = true)]
    public async Task Snapshot(ReplayCase replay) => await Verify(await replay.SnapshotAsync()).UseTextForParameters(replay.Agent);
}
