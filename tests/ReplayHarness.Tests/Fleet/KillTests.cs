using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>
/// Killed at random moments: the run, a process that replays, the merge. Nothing is lost, nothing is counted twice. The same with 50
/// moments is <c>tests/ReplayHarness.Benchmarks/fleet-kill.sh</c>.
/// </summary>
[Platform(Include = "Linux", Reason = "signals")]
public sealed class KillTests
{
    private const int Moments = 5;

    [Test]
    public async Task Killed_at_any_moment_it_goes_on_where_it_was()
    {
        using var incidents = new Incidents("alpha", "gamma");
        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        var whole = await incidents.RunAsync("--jobs", "2", "--json");
        var took = clock.Elapsed;
        var kept = Path.Combine(incidents.Path, "kept");
        Dictionary<string, string> before = [];
        for (var i = 0; i < Moments; i++)
        {
            using var run = Tool.Start(Incidents.Arguments("--jobs", "2", "--results", "kept", "--json"), incidents.Path);
            run.StandardInput.Close();
            var ended = Tool.EndAsync(run);
            await Task.WhenAny(ended, Task.Delay(took * random.NextDouble()));
            // One that replays and dies is a row with an error; then the run itself dies.
            if (i % 2 == 0 && Children(run.Id).FirstOrDefault() is var host and > 0)
                Component.Run("kill", "-9", $"{host}");
            else
                run.Kill();
            await ended;
            var after = Results(kept);
            Assert.That(after.Keys, Is.SupersetOf(before.Keys), "nothing that was whole is lost");
            foreach (var (file, text) in before.Where(b => b.Value.Contains("\"report\":", StringComparison.Ordinal)))
                // Other tests share the agent's folder: what they put there changes the key for as long.
                if (KeyOf(after[file]) == KeyOf(text))
                    Assert.That(after[file], Is.EqualTo(text), "nothing that was whole is run again");
            before = after;
            await KillMergeAsync(incidents, took * random.NextDouble() / 4);
        }
        var last = await incidents.RunAsync("--jobs", "2", "--results", "kept", "--json");
        Assert.That((last.ExitCode, last.Output), Is.EqualTo((whole.ExitCode, whole.Output)));
        var merged = await incidents.MergeAsync("kept", "--json", "--junit", "junit.xml");
        Assert.That((merged.ExitCode, merged.Output), Is.EqualTo((whole.ExitCode, whole.Output)), merged.Errors);
        Assert.That(Results(kept), Has.Count.EqualTo(4), "a file for each job");
    }

    private static string KeyOf(string result) => (string)JsonNode.Parse(result)!["key"]!;

    // What it writes is whole or not there.
    private static async Task KillMergeAsync(Incidents incidents, TimeSpan after)
    {
        using var merge = Tool.Start(["merge", "kept", "--junit", "killed.xml", "--html", "killed.html"], incidents.Path);
        merge.StandardInput.Close();
        var ended = Tool.EndAsync(merge);
        await Task.WhenAny(ended, Task.Delay(after));
        merge.Kill();
        await ended;
        foreach (var (file, end) in (ReadOnlySpan<(string, string)>)[("killed.xml", "</testsuites>"), ("killed.html", "</html>")])
            if (Path.Combine(incidents.Path, file) is var path && File.Exists(path))
                Assert.That(File.ReadAllText(path).TrimEnd(), Does.EndWith(end));
    }

    // Each of them can be read: whole, or absent.
    private static Dictionary<string, string> Results(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .GetFiles(folder, "*.result.json", SearchOption.AllDirectories)
                .ToDictionary(
                    f => f,
                    f =>
                    {
                        var text = File.ReadAllText(f);
                        Assert.That(JsonNode.Parse(text)!["incident"], Is.Not.Null);
                        return text;
                    }
                )
            : [];

    // Each thread has children of its own.
    private static IEnumerable<int> Children(int process)
    {
        try
        {
            return
            [
                .. Directory
                    .GetDirectories($"/proc/{process}/task")
                    .SelectMany(thread =>
                        File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    )
                    .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
            ];
        }
        catch (IOException)
        {
            // It has just ended, or one of its threads has.
            return [];
        }
    }
}
