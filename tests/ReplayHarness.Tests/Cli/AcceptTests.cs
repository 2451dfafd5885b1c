using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>Snapshots that wait, are accepted, or have lost their test.</summary>
public sealed class AcceptTests
{
    [Test]
    public async Task What_was_received_takes_the_place_of_what_was_verified()
    {
        using var folder = new TempFolder();
        folder.Write("DeskTests.cs", "public sealed class DeskTests { public Task Screen(string agent) => Verify(agent); }");
        var (changed, fresh, lost) = (
            folder.Write("DeskTests.Screen_a.verified.txt", "one\ntwo"),
            Path.Combine(folder.Path, "DeskTests.Screen_b.verified.txt"),
            folder.Write("DeskTests.Gone.verified.txt", "x")
        );
        folder.Write("DeskTests.Screen_a.received.txt", "one\n2");
        folder.Write("DeskTests.Screen_b.received.txt", "b");
        var listed = await Tool.RunAsync("accept", folder.Path, "--list");
        var expected =
            $"received: {changed} (differs from line 2 on)\nreceived: {fresh} (new)\norphaned: {lost} (no test beside it "
            + $"writes it; delete it)\n";
        Assert.That((listed.ExitCode, listed.Output), Is.EqualTo((1, expected)));
        var accepted = await Tool.RunAsync("accept", folder.Path);
        Assert.That(
            (accepted.ExitCode, accepted.Output),
            Is.EqualTo((0, expected.Replace("received:", "accepted:", StringComparison.Ordinal)))
        );
        Assert.That((await File.ReadAllTextAsync(changed), await File.ReadAllTextAsync(fresh)), Is.EqualTo(("one\n2", "b")));
        Assert.That(Directory.GetFiles(folder.Path, "*.received.*"), Is.Empty);
    }

    [Test]
    public async Task The_repositorys_own_snapshots_have_their_tests()
    {
        var listed = await Tool.RunAsync("accept", Path.Combine(Repo.Root, "tests"), Path.Combine(Repo.Root, "replays"), "--list");
        Assert.That(listed.Output, Does.Not.Contain("orphaned: "));
    }

    [Test]
    public async Task A_folder_that_is_not_there() =>
        Assert.That((await Tool.RunAsync("accept", "nowhere")).Errors, Is.EqualTo("replay-harness: nowhere: there is no such folder\n"));
}
