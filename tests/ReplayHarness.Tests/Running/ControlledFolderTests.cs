using ReplayHarness.Running;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Running;

/// <summary>The copy that is replayed: several may make it at once, and what a stopped process left half made goes away.</summary>
public sealed class ControlledFolderTests
{
    [Test]
    public async Task Makers_at_once_all_succeed_and_what_is_half_made_goes_when_it_is_old()
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Repo.Replays)!))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        var copies = Path.Combine(folder.Path, ".replay");
        var (old, young) = (Draft(copies, "0123456789abcdef.17"), Draft(copies, "0123456789abcdef.18"));
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-3));
        var assembly = Path.Combine(folder.Path, Path.GetFileName(Repo.Replays));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => HostProcess.Prepare(assembly))));

        Assert.That(Directory.Exists(old), Is.False);
        Assert.That(Directory.Exists(young), Is.True);
        var made = Directory.GetDirectories(copies).Where(d => d != young).ToArray();
        Assert.That(made, Has.Length.EqualTo(1), string.Join(' ', made));
        Assert.That(File.Exists(Path.Combine(made[0], Path.GetFileName(assembly))));
    }

    private static string Draft(string copies, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(copies, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "half.dll"), "");
        return folder;
    }
}
