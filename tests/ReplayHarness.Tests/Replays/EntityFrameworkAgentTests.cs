using ReplayHarness.Judging;

namespace ReplayHarness.Tests.Replays;

/// <summary>Tools over EF Core and SQLite: no request over HTTP, and a native library beneath.</summary>
public sealed class EntityFrameworkAgentTests
{
    [TestCase("ArchiveBroken", VerdictKind.Reproduced)]
    [TestCase("ArchiveFixed", VerdictKind.Removed)]
    public Task Each_hypothesis_says_it(string agent, VerdictKind verdict) =>
        TeamRuns.VerdictsAsync("archive", agent, verdict, verdict, verdict);
}
