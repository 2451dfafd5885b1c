using System.Diagnostics;

namespace ReplayHarness.Tests.Repository;

/// <summary>The main job, where it cannot even begin.</summary>
public sealed class RunReplaysTests
{
    [Test]
    [Platform(Exclude = "Win")]
    public async Task Without_an_SDK_it_says_so_in_one_line()
    {
        using var tools = new Support.TempFolder();
        foreach (var name in (string[])["dirname", "mktemp", "cat", "rm"])
            File.CreateSymbolicLink(Path.Combine(tools.Path, name), $"/usr/bin/{name}");
        var start = new ProcessStartInfo("/bin/bash")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = tools.Path },
        };
        start.ArgumentList.Add(Path.Combine(Repo.Root, "run-replays.sh"));
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.EqualTo(3));
        Assert.That(errors.TrimEnd(), Does.StartWith("run-replays.sh: the .NET SDK 10 is needed").And.Not.Contains("\n"));
    }
}
