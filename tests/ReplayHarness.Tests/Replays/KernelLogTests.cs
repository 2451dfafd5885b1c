#pragma warning disable NUnit2009 // Two calls of one expression are what is compared.
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>The log of a replay as a hash: what happened, to what, when, and in which order.</summary>
public sealed class KernelLogTests
{
    private static readonly (string What, string Label, long Ticks)[] s_steps =
    [
        ("issue", "a#1", 0),
        ("complete", "a#1", 10),
        ("end", "Finished", 10),
    ];

    [Test]
    public void Nothing_has_the_hash_of_nothing() => Assert.That(HashOf(), Is.EqualTo(KernelLog.Empty));

    [Test]
    public void Equal_steps_have_equal_hashes_in_every_process()
    {
        Assert.That(HashOf(s_steps), Is.EqualTo(HashOf(s_steps)));
        // 64-bit FNV-1a over the letters, then the ticks.
        Assert.That(HashOf(("a", "", 0)), Is.EqualTo(KernelLog.Mix(KernelLog.Mix(KernelLog.Empty, 'a'), 0)));
        Assert.That(KernelLog.Mix(KernelLog.Empty, 'a'), Is.EqualTo(0xAF63DC4C8601EC8CUL));
    }

    [Test]
    public void Every_part_of_a_step_and_their_order_counts()
    {
        (string What, string Label, long Ticks)[][] others =
        [
            [("cancel", "a#1", 0), s_steps[1], s_steps[2]],
            [("issue", "a#2", 0), s_steps[1], s_steps[2]],
            [("issue", "a#1", 1), s_steps[1], s_steps[2]],
            [s_steps[1], s_steps[0], s_steps[2]],
            [s_steps[0], s_steps[1]],
        ];
        Assert.That(others.Select(o => HashOf(o)).Append(HashOf(s_steps)).Distinct().Count(), Is.EqualTo(6));
    }

    private static ulong HashOf(params (string What, string Label, long Ticks)[] steps)
    {
        var log = new KernelLog();
        foreach (var (what, label, ticks) in steps)
            log.Add(what, label, ticks);
        return log.Hash;
    }
}
