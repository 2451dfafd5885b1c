using System.Runtime.InteropServices;
using ReplayHarness.Tests.Support;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Cli;

/// <summary>The demo: word for word from the installed tool alone, and what it keeps or refuses.</summary>
public sealed class DemoTests
{
    [Test]
    [Platform(Include = "Linux", Reason = "the tool is started by a shell")]
    public async Task From_the_installed_tool_alone_without_any_network()
    {
        var demo = InstalledDemo.Result;
        Assert.That(demo.ExitCode, Is.Zero, demo.Output);
        Assert.That((demo.Left, demo.Temporary), Is.EqualTo((new[] { "replay-harness-demo.html" }, Array.Empty<string>())));
        Assert.That(demo.Report, Does.Contain("altered-result").And.Contain("lamp-desk"));
        TestContext.Out.WriteLine($"{demo.Lasted.TotalSeconds:0.0} s");
        // Only that it ends: how long it takes depends on what runs beside it.
        Assert.That(demo.Lasted, Is.LessThan(TimeSpan.FromMinutes(3)));
        await Verify(demo.Output);
    }

    // Stopped once it has begun: what it wrote is there, and its commands work when they are typed again.
    [Test]
    public async Task What_is_kept_is_there_to_be_typed_again()
    {
        using var folder = new TempFolder();
        using var process = Tool.Start(["demo", "--keep", "lamp-desk"], folder.Path);
        var ended = Tool.EndAsync(process);
        var kept = Path.Combine(folder.Path, "lamp-desk");
        while (!File.Exists(Path.Combine(kept, "fixtures", "lamp-desk", "fixture.json")) && !process.HasExited)
            await Task.Delay(20);
        process.Kill(entireProcessTree: true);
        var tree = await Tool.RunInAsync(kept, "tree", "traces.jsonl", "--trace", "5c1f");
        Assert.That(tree.ExitCode, Is.Zero, tree.Errors);
        Assert.That((await ended).Output, Does.Contain($"$ replay-harness tree traces.jsonl --trace 5c1f\n{tree.Output}"));
    }

    [Test]
    public async Task A_folder_with_something_in_it_is_left_alone()
    {
        using var folder = new TempFolder();
        folder.Write("lamp-desk/mine.txt", "");
        var result = await Tool.RunInAsync(folder.Path, "demo", "--keep", "lamp-desk");
        Assert.That(
            (result.ExitCode, result.Output, result.Errors),
            Is.EqualTo(
                (3, "", "replay-harness: --keep lamp-desk: is there already, and not empty; expected the name of a new or empty folder\n")
            )
        );
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(folder.Path, "lamp-desk")), Has.Length.EqualTo(1));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "env is a shell's")]
    public void Without_an_SDK_it_says_so_in_one_line()
    {
        var result = Component.Run(
            "env",
            "PATH=/nowhere",
            $"DOTNET_ROOT={Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."))}",
            Path.Combine(Data.Root, "replay-harness"),
            "demo"
        );
        Assert.That(
            result,
            Is.EqualTo(
                (
                    3,
                    "replay-harness: demo: builds a small agent, for which it needs the .NET SDK 10 or newer; no dotnet on the PATH has "
                        + "an SDK\n"
                )
            )
        );
    }
}
