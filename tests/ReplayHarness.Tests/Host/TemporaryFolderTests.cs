using ReplayHarness.Host.Statics;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Host;

/// <summary>The temporary folders of processes that were killed go, those of others stay.</summary>
public sealed class TemporaryFolderTests
{
    [Test]
    public void Leftovers_of_processes_that_have_ended_are_deleted()
    {
        using var folder = new TempFolder();
        string[] names = ["replay-ended", "replay-living", "replay-unlocked", "others"];
        foreach (var name in names)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, name, "files")).FullName, "kept"), "a");
        foreach (var name in names.Except(["replay-unlocked"]))
            File.WriteAllText(Path.Combine(folder.Path, name, "lock"), "");
        using (new FileStream(Path.Combine(folder.Path, "replay-living", "lock"), FileMode.Open, FileAccess.Write, FileShare.None))
            TemporaryFolder.DeleteLeftovers(folder.Path);
        Assert.That(
            Directory.GetDirectories(folder.Path).Select(Path.GetFileName),
            Is.EquivalentTo(["replay-living", "replay-unlocked", "others"])
        );
    }
}
