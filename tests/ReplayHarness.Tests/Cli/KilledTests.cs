using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>Commands that are killed: what they leave on the disk, and which processes.</summary>
[Platform(Include = "Linux", Reason = "processes are looked for in /proc")]
// In real time: with nothing beside it.
[NonParallelizable]
public sealed class KilledTests
{
    private static readonly string s_fixture = Path.Combine(Data.Root, "fixtures", "order-desk");

    // Wherever the signal meets it: in most runs while it writes.
    [Test]
    public async Task A_capture_leaves_the_old_or_the_new_fixture()
    {
        using var folder = new TempFolder();
        var hidden = Path.Combine(folder.CopyFixture("order-desk"), WholeSet.HiddenName);
        var old = FixtureFolder.Load(folder.Path).Incident;
        using (var capture = Tool.Start(Capture(folder.Path)))
        {
            SpinWait.SpinUntil(() => Directory.Exists(hidden) || capture.HasExited, TimeSpan.FromSeconds(30));
            capture.Kill();
            await Tool.EndAsync(capture);
        }
        Assert.That(FixtureFolder.Load(folder.Path).Incident, Is.EqualTo(old).Or.EqualTo(Path.GetFileName(folder.Path)));
        var again = await Tool.RunAsync(Capture(folder.Path));
        Assert.That(again.ExitCode, Is.Zero, again.Errors);
        Assert.That(FixtureFolder.Load(folder.Path).Incident, Is.EqualTo(Path.GetFileName(folder.Path)));
        Assert.That(Directory.GetFileSystemEntries(folder.Path, ".*"), Is.Empty);
    }

    [Test]
    public async Task The_next_start_says_what_it_found_and_mends_it()
    {
        using var folder = new TempFolder();
        folder.Write("DeskTests.cs", "public sealed class DeskTests { public Task A() => Verify(1); public Task B() => Verify(2); }");
        var (a, b) = (folder.Write("DeskTests.A.verified.txt", "new a"), folder.Write("DeskTests.B.received.txt", "new b"));
        folder.Write(
            $"{WholeSet.HiddenName}/journal.json",
            """[["DeskTests.A.received.txt","DeskTests.A.verified.txt"],["DeskTests.B.received.txt","DeskTests.B.verified.txt"]]"""
        );
        var accepted = await Tool.RunAsync("accept", folder.Path);
        Assert.That(
            (accepted.ExitCode, accepted.Output, accepted.Errors),
            Is.EqualTo((0, "no snapshot waits to be accepted\n", $"replay-harness: {folder.Path}: {WholeSet.Finished}\n"))
        );
        Assert.That((File.ReadAllText(a), File.Exists(b)), Is.EqualTo(("new a", false)));
        Assert.That(File.ReadAllText(Path.Combine(folder.Path, "DeskTests.B.verified.txt")), Is.EqualTo("new b"));
        folder.Write($"{WholeSet.HiddenName}/files/DeskTests.C.verified.txt", "half");
        var none = await Tool.RunAsync("accept", folder.Path);
        Assert.That(none.Errors, Is.EqualTo($"replay-harness: {folder.Path}: {WholeSet.Deleted}\n"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path, ".*"), Is.Empty);
    }

    // Who only reads needs no right to write; only what was decided on and is not in place is in its way.
    [Test]
    public void A_folder_that_cannot_be_written()
    {
        using var folder = new TempFolder();
        folder.CopyFixture("order-desk");
        folder.Write($"{WholeSet.HiddenName}/files/fixture.json", "half");
        var (code, output) = AsNobody(folder.Path, "convert", folder.Path, "--to", "wiremock");
        Assert.That(code, Is.Zero, output);
        folder.Write($"{WholeSet.HiddenName}/journal.json", $"""[["{WholeSet.HiddenName}/files/fixture.json","fixture.json"]]""");
        (code, output) = AsNobody(folder.Path, "convert", folder.Path, "--to", "wiremock");
        Assert.That(code, Is.EqualTo(3), output);
        Assert.That(
            output,
            Does.StartWith($"replay-harness: {folder.Path}: a command was stopped here when its files were complete")
                .And.Contain("Run it once more where the folder can be written")
        );
    }

    [TestCase("KILL", "drive")]
    [TestCase("TERM", "drive")]
    [TestCase("KILL", "record")]
    public async Task No_process_of_the_agent_is_left(string signal, string command)
    {
        using var folder = new TempFolder();
        var mark = $"77{(signal == "KILL" ? 9 : 15):00}{command.Length}31";
        string[] what =
            command == "drive" ? ["drive", s_fixture, "--hypothesis", "healthy@http"] : ["record", "--out", Path.Combine(folder.Path, "x")];
        using var tool = Tool.Start([.. what, "--", "sh", "-c", $"setsid sleep {mark} & (sleep {mark} &); env -i sleep {mark}"]);
        Assert.That(() => Processes.With(mark).Count(), Is.EqualTo(3).After(20_000, 20));
        var guards = Processes.With("replay-harness-guard").ToArray();
        Assert.That(guards, Is.Not.Empty);
        Tool.Signal(tool, signal);
        await Tool.EndAsync(tool);
        Assert.That(() => Processes.With(mark), Is.Empty.After(10_000, 20));
        Assert.That(() => Processes.With("replay-harness-guard").Intersect(guards), Is.Empty.After(10_000, 20));
    }

    // The agent spins, so that nothing in its process would notice.
    [Test]
    public async Task No_process_that_replays_is_left()
    {
        using var tool = Tool.Start(["run", Data.Fixture, "--agent", $"{Replay.Assembly}:{nameof(SpinsUnwatched)}"]);
        int[] hosts = [];
        SpinWait.SpinUntil(
            () => (hosts = [.. Processes.With("prepare", not: true).Intersect(Processes.Below(tool.Id))]).Length > 0 || tool.HasExited,
            TimeSpan.FromSeconds(60)
        );
        Assert.That(hosts, Is.Not.Empty);
        // Its runtime starts, and then the agent.
        await Task.Delay(700);
        tool.Kill();
        await Tool.EndAsync(tool);
        Assert.That(() => hosts.Where(h => Directory.Exists($"/proc/{h}")), Is.Empty.After(5_000, 20));
    }

    private static string[] Capture(string folder) =>
        ["capture", Path.Combine(s_fixture, "traces.otlp.jsonl"), "--trace", "e6701fe4", "--out", folder];

    // Root may write anywhere.
    private static (int ExitCode, string Output) AsNobody(string folder, params string[] arguments)
    {
        string[] tool = ["dotnet", "exec", Path.Combine(Data.Root, "replay-harness.dll"), .. arguments];
        Component.Run("chmod", "555", folder);
        try
        {
            if (Environment.UserName != "root")
                return Component.Run(tool[0], tool[1..]);
            if (Component.OnPath("setpriv") is null)
                Component.Missing("setpriv is not installed");
            return Component.Run("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", .. tool]);
        }
        finally
        {
            Component.Run("chmod", "755", folder);
        }
    }
}

/// <summary>Never gives its thread back.</summary>
public sealed class SpinsUnwatched : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) { }

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
            GC.KeepAlive(services);
        return Task.CompletedTask;
    }
}
