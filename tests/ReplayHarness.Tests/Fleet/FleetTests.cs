using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>Many jobs, on one machine and on several: the same output, and nothing lost.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class FleetTests : IDisposable
{
    private readonly Incidents _incidents = new("alpha", "gamma");

    private string Replays => Path.Combine(_incidents.Path, "replays");

    public void Dispose() => _incidents.Dispose();

    [Test]
    public async Task Two_at_once_print_what_one_after_the_other_prints()
    {
        var one = await _incidents.RunAsync("--jobs", "1");
        Assert.That(one.ExitCode, Is.Zero, one.Output + one.Errors);
        Assert.That((await _incidents.RunAsync("--jobs", "2")).Output, Is.EqualTo(one.Output));
    }

    [Test]
    public async Task A_fix_is_verified_alike_whether_its_two_agents_are_replayed_at_once_or_not()
    {
        string[] verify =
        [
            "verify",
            "alpha",
            "--broken",
            $"{Replay.Assembly}:{nameof(RaceTokenTotalBroken)}",
            "--fixed",
            $"{Replay.Assembly}:{nameof(RaceTokenTotalFixed)}",
            "--out",
            "evidence",
        ];
        var file = Path.Combine(_incidents.Path, "evidence", "evidence.json");
        var one = await Tool.RunInAsync(_incidents.Path, [.. verify, "--jobs", "1"]);
        Assert.That(one.ExitCode, Is.Zero, one.Output + one.Errors);
        var evidence = await File.ReadAllTextAsync(file);
        File.Delete(file);
        var two = await Tool.RunInAsync(_incidents.Path, [.. verify, "--jobs", "2"]);
        var again = await File.ReadAllTextAsync(file);
        Assert.That((two.ExitCode, AsOne(two.Output), AsOne(again)), Is.EqualTo((0, one.Output, evidence)));

        static string AsOne(string text) => text.Replace("--jobs 2", "--jobs 1", StringComparison.Ordinal);
    }

    [Test]
    public async Task Parts_that_are_merged_are_what_one_machine_prints()
    {
        var whole = await _incidents.RunAsync("--results", "all");
        var json = await _incidents.RunAsync("--results", "all", "--json");
        string[] parts = ["p1", "p2", "p3"];
        foreach (var (i, part) in parts.Index())
            await _incidents.RunAsync("--shard", $"{i + 1}/3", "--results", part);
        Assert.That((await _incidents.MergeAsync(parts)).Output, Is.EqualTo(whole.Output));
        Assert.That((await _incidents.MergeAsync([.. parts, "--json"])).Output, Is.EqualTo(json.Output));
    }

    [Test]
    public async Task What_is_there_is_not_run_again_until_it_may_come_out_otherwise()
    {
        var first = await _incidents.RunAsync("--results", "kept");
        var before = Times();
        Assert.That((await _incidents.RunAsync("--results", "kept")).Output, Is.EqualTo(first.Output));
        Assert.That(Times(), Is.EqualTo(before), "nothing ran");

        await Authored.EditAsync(Path.Combine(_incidents.Path, "gamma"), json => json["input"]!["user"] = "another question");
        await _incidents.RunAsync("--results", "kept");
        var changed = Times().Except(before).Select(t => t.Name).Order(StringComparer.Ordinal);
        Assert.That(changed, Is.EqualTo(["gamma/broken", "gamma/mended"]), "only what the change reaches");

        before = Times();
        await _incidents.RunAsync("--results", "kept", "--fresh");
        Assert.That(Times().Intersect(before), Is.Empty);

        HashSet<(string Name, DateTime Time)> Times() =>
            [
                .. Directory
                    .GetFiles(Path.Combine(_incidents.Path, "kept"), "*.result.json", SearchOption.AllDirectories)
                    .Select(f =>
                        (Path.GetRelativePath(Path.Combine(_incidents.Path, "kept"), f).Split('.')[0], File.GetLastWriteTimeUtc(f))
                    ),
            ];
    }

    [TestCase("", true)]
    [TestCase("delta/fixture.json", false)]
    public async Task A_result_of_what_was_changed_while_it_ran_is_not_kept(string changed, bool isKept)
    {
        _incidents.Add("delta", ("changing", nameof(ChangingDriver), "removed"));
        var file = changed.Length == 0 ? "" : Path.Combine(_incidents.Path, changed);
        using var run = Tool.Start(
            ["replays", "replays", "delta", "--assembly", Replay.Assembly, "--results", "kept"],
            _incidents.Path,
            [(ChangingDriver.Variable, file)]
        );
        run.StandardInput.Close();
        var ended = await Tool.EndAsync(run);
        Assert.That(ended.Output, Does.Contain("changing"), ended.Errors);
        Assert.That(_incidents.Results("kept"), Is.EqualTo(isKept ? ["delta/changing"] : Array.Empty<string>()));
    }

    [Test]
    public async Task What_cannot_be_run_is_a_row_and_the_others_stand()
    {
        File.Delete(Path.Combine(_incidents.Path, "alpha", "fixture.json"));
        _incidents.Write(Path.Combine("replays", "beta", "expected.json"), "{ \"fixture\": 7 }");
        _incidents.Add("gamma", ("mended", nameof(RaceTokenTotalFixed), "removed"), ("dying", nameof(DyingDriver), "removed"));
        var result = await _incidents.RunAsync("--json", "--results", "kept");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        var rows = JsonNode.Parse(result.Output)!["replays"]!.AsArray().Select(r => $"{r!["incident"]}/{r["agent"]} {r["asExpected"]}");
        Assert.That(
            rows,
            Is.EqualTo(["alpha/mended false", "alpha/broken false", "beta/ false", "gamma/mended true", "gamma/dying false"])
        );
        Assert.That(
            result.Errors,
            Does.Contain("alpha/mended: ").And.Contain("beta: ").And.Contain("gamma/dying: the process that replays")
        );
        Assert.That(result.Errors.TrimEnd().Split('\n')[^1], Does.StartWith("rerun: "));

        var merged = await _incidents.MergeAsync("kept", "--json");
        Assert.That((merged.ExitCode, merged.Output), Is.EqualTo((3, result.Output)));
    }

    [Test]
    public async Task A_merge_names_what_is_missing_doubled_or_of_something_else()
    {
        await _incidents.RunAsync("--shard", "1/2", "--results", "p1");
        await _incidents.RunAsync("--shard", "2/2", "--results", "p2");
        var missing = await _incidents.MergeAsync("p1");
        Assert.That(missing.ExitCode, Is.EqualTo(3));
        foreach (var name in _incidents.Results("p2"))
            Assert.That(missing.Errors, Does.Contain(name));
        Assert.That(
            (await _incidents.MergeAsync("p1", "p2", "p1")).Errors,
            Does.Contain($"several results of {_incidents.Results("p1")[0]} (")
        );

        var file = Directory.GetFiles(Path.Combine(_incidents.Path, "p2"), "*.result.json", SearchOption.AllDirectories)[0];
        var text = File.ReadAllText(file);
        File.WriteAllText(file, text.Replace("\"harness\":\"", "\"harness\":\"0.", StringComparison.Ordinal));
        Assert.That((await _incidents.MergeAsync("p1", "p2")).Errors, Does.Contain("was written by version 0."));
        File.WriteAllText(file, text.Replace("\"seconds\":", "\"seconds\":1", StringComparison.Ordinal));
        Assert.That((await _incidents.MergeAsync("p1", "p2")).Errors, Does.Contain("was changed since it was written"));
        File.WriteAllText(file, text[..(text.Length / 2)]);
        Assert.That((await _incidents.MergeAsync("p1", "p2")).Errors, Does.Contain("no result of a job; delete the file"));
        var other = Directory.GetFiles(Path.Combine(_incidents.Path, "p1"), "*.result.json", SearchOption.AllDirectories)[0];
        File.Copy(other, file, overwrite: true);
        Assert.That((await _incidents.MergeAsync("p1", "p2")).Errors, Does.Contain("the result of another job in the place of"));
        File.WriteAllText(file, text);

        _incidents.Add("delta");
        await _incidents.RunAsync("--shard", "1/2", "--results", "p1");
        Assert.That(
            (await _incidents.MergeAsync("p1", "p2")).Errors,
            Does.Contain("is of another list of jobs than p1: delta/mended, delta/broken")
        );
    }

    [Test]
    public async Task A_new_incident_moves_no_other_into_another_part()
    {
        var before = await PartsAsync();
        _incidents.Add("delta");
        Assert.That(await PartsAsync(), Is.SupersetOf(before));

        async Task<string[]> PartsAsync()
        {
            List<string> parts = [];
            foreach (var i in (int[])[1, 2, 3])
                parts.AddRange(
                    (await _incidents.RunAsync("--plan", "--shard", $"{i}/3")).Output.Split('\n')[..^1].Select(job => $"{job} in {i}")
                );
            Assert.That(
                parts.Select(p => p.Split(' ')[0]).Order(),
                Is.EqualTo((await _incidents.RunAsync("--plan")).Output.Split('\n')[..^1].Order())
            );
            return [.. parts];
        }
    }

    [TestCase("2/3", "SLURM_ARRAY_TASK_ID=6", "SLURM_ARRAY_TASK_MIN=5", "SLURM_ARRAY_TASK_COUNT=3")]
    [TestCase("2/3", "JOB_COMPLETION_INDEX=1", "REPLAYHARNESS_SHARDS=3")]
    [TestCase("2/3", "CI_NODE_INDEX=2", "CI_NODE_TOTAL=3")]
    [TestCase("2/3", "CIRCLE_NODE_INDEX=1", "CIRCLE_NODE_TOTAL=3")]
    [TestCase("2/3", "TEST_SHARD_INDEX=1", "TEST_TOTAL_SHARDS=3")]
    [TestCase("2/3", "SYSTEM_JOBPOSITIONINPHASE=2", "SYSTEM_TOTALJOBSINPHASE=3")]
    public async Task Engines_say_which_part_this_is(string part, params string[] variables)
    {
        var auto = await Tool.RunWithAsync(
            [.. variables.Select(v => (v.Split('=')[0], v.Split('=')[1]))],
            ["replays", Replays, "--assembly", Replay.Assembly, "--plan", "--shard", "auto"]
        );
        Assert.That(auto.Output, Is.EqualTo((await _incidents.RunAsync("--plan", "--shard", part)).Output), auto.Errors);
    }

    [TestCase("--shard 4/3: expected I/N", "--shard", "4/3")]
    [TestCase("--shard x: expected I/N", "--shard", "x")]
    [TestCase("--jobs 0: expected a whole number from 1", "--jobs", "0")]
    [TestCase("--fresh: says what becomes of --results", "--fresh")]
    public async Task Mistakes_are_one_line(string message, params string[] options) =>
        Assert.That((await _incidents.RunAsync(options)).Errors, Does.Contain(message));

    [Test]
    public async Task A_merge_writes_what_ci_systems_and_pull_requests_show()
    {
        _incidents.Add("gamma", ("mended", nameof(RaceTokenTotalFixed), "reproduced"), ("dying", nameof(DyingDriver), "removed"));
        Directory.CreateDirectory(Path.Combine(_incidents.Path, "pages"));
        await _incidents.RunAsync("--results", "kept", "--reports");
        var merged = await _incidents.MergeAsync("kept", "--markdown", "--junit", "junit.xml", "--html", "pages/all.html");
        Assert.That(merged.ExitCode, Is.EqualTo(1));
        Assert.That(merged.Output, Does.StartWith("2 of 4 as expected.\n\n| incident | agent |"));
        Assert.That(merged.Output.Split('\n')[4], Does.StartWith("| gamma | mended | removed | reproduced |"), "first what is wrong");
        var junit = XDocument.Load(Path.Combine(_incidents.Path, "junit.xml")).Root!;
        Assert.That(
            ((int)junit.Attribute("tests")!, (int)junit.Attribute("failures")!, (int)junit.Attribute("errors")!),
            Is.EqualTo((4, 1, 1))
        );
        Assert.That(junit.Descendants("failure").Single().Value, Does.StartWith("rerun: replay-harness run"));

        var links = LinkTo().Matches(File.ReadAllText(Path.Combine(_incidents.Path, "pages", "all.html"))).Select(m => m.Groups[1].Value);
        Assert.That(links, Is.EqualTo(["../kept/alpha/mended.html", "../kept/alpha/broken.html", "../kept/gamma/mended.html"]));
        Assert.That(File.ReadAllText(Path.Combine(_incidents.Path, "kept", "gamma", "mended.html")), Does.Contain("<title>gamma"));
        File.Delete(Path.Combine(_incidents.Path, "kept", "alpha", "broken.html"));
        Assert.That(
            (await _incidents.RunAsync("--plan", "--results", "kept", "--reports")).Output,
            Is.EqualTo("alpha/mended  as before\nalpha/broken\ngamma/mended  as before\ngamma/dying\n")
        );
    }

    [GeneratedRegex("\"page\":\"([^\"]+)\"")]
    private static partial Regex LinkTo();

    [Test]
    [Platform(Include = "Linux", Reason = "signals")]
    public async Task One_that_is_stopped_goes_on_where_it_was()
    {
        var whole = await _incidents.RunAsync();
        using (var run = Tool.Start(Incidents.Arguments("--jobs", "1", "--results", "kept"), _incidents.Path))
        {
            var kept = Path.Combine(_incidents.Path, "kept");
            SpinWait.SpinUntil(
                () =>
                    run.HasExited
                    || (Directory.Exists(kept) && Directory.GetFiles(kept, "*.result.json", SearchOption.AllDirectories).Length > 1),
                TimeSpan.FromMinutes(2)
            );
            Tool.Signal(run, "TERM");
            var stopped = await Tool.EndAsync(run);
            Assert.That(stopped.ExitCode, Is.EqualTo(5), stopped.Errors);
            Assert.That(stopped.Errors, Does.Match(@"stopped: \d of 4 jobs were not run to their end\n"));
            Assert.That(stopped.Output, Does.StartWith("# alpha"));
        }
        Assert.That((await _incidents.RunAsync("--results", "kept")).Output, Is.EqualTo(whole.Output));
        Assert.That((await _incidents.MergeAsync("kept")).Output, Is.EqualTo(whole.Output));
    }
}
