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

    [Test]
    public async Task A_folder_for_the_copies_of_all_agents_leaves_the_agent_alone_and_keeps_what_others_may_use()
    {
        using var folder = new TempFolder();
        var (agent, cache) = (Directory.CreateDirectory(Path.Combine(folder.Path, "agent")).FullName, Path.Combine(folder.Path, "cache"));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Repo.Replays)!))
            File.Copy(file, Path.Combine(agent, Path.GetFileName(file)));
        Assert.That((await RunAsync()).ExitCode, Is.Zero);
        Assert.That(Directory.Exists(Path.Combine(agent, ".replay")), Is.False);
        var made = Directory.GetDirectories(cache).Single();
        var (old, young) = (Copy("0123456789abcdef", days: 8), Copy("0123456789abcdee", days: 6));
        File.SetLastWriteTimeUtc(Path.Combine(agent, "ReplayHarness.Replays.dll"), DateTime.UtcNow.AddMinutes(-1));
        Assert.That((await RunAsync()).ExitCode, Is.Zero);
        Assert.That((Directory.Exists(old), Directory.Exists(young)), Is.EqualTo((false, true)));
        Assert.That(Directory.GetDirectories(made), Has.Length.EqualTo(3), "another build has a copy of its own");

        string Copy(string name, int days)
        {
            var copy = Directory.CreateDirectory(Path.Combine(made, name)).FullName;
            File.WriteAllText(Path.Combine(copy, "used"), "");
            File.SetLastWriteTimeUtc(Path.Combine(copy, "used"), DateTime.UtcNow.AddDays(-days));
            return copy;
        }

        Task<ToolResult> RunAsync() =>
            Tool.RunWithAsync(
                ("REPLAYHARNESS_CACHE", cache),
                "run",
                Path.Combine(Data.Root, "fixtures", "support-loop"),
                "--agent",
                $"{Path.Combine(agent, "ReplayHarness.Replays.dll")}:Guarded",
                "--schedules",
                "captured",
                "--expect",
                "symptom-removed"
            );
    }

    // Who is killed while he deletes leaves half of it, which nobody takes for a whole copy.
    [Test]
    public async Task A_copy_loses_its_name_before_it_is_deleted()
    {
        const string Old = "0123456789abcdee";
        using var folder = new TempFolder();
        var copies = Path.Combine(folder.Path, ".replay");
        var current = Draft(copies, "0123456789abcdef");
        Draft(copies, Old);
        List<(string? From, string? To)> renamed = [];
        var deleted = new TaskCompletionSource<string?>();
        using var watcher = new FileSystemWatcher(copies) { NotifyFilter = NotifyFilters.DirectoryName };
        watcher.Renamed += (_, e) => renamed.Add((e.OldName, e.Name));
        watcher.Deleted += (_, e) => deleted.TrySetResult(e.Name);
        watcher.EnableRaisingEvents = true;
        ControlledFolder.DeleteOthers(current);
        var gone = await deleted.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.That(renamed, Is.EqualTo([(Old, gone)]));
        Assert.That(Path.GetExtension(gone), Is.Not.Empty, "what is half made is called so");
        Assert.That(ControlledFolder.Copies(copies), Is.EqualTo([current]));
    }

    private static string Draft(string copies, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(copies, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "half.dll"), "");
        return folder;
    }
}
