using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>Ranges of one job's schedules as a user runs, keeps and merges them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RangeMergeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public RangeMergeTests() => Authored.Write(_folder, "pitfall", PitfallRuns.Of("LeakedOrder"));

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Merged_ranges_print_and_exit_as_one_run_does()
    {
        var first = await RangeAsync("1/2", "a");
        Assert.That(
            (first.ExitCode, first.Output),
            Is.EqualTo(
                (
                    0,
                    $"""
                    range 1/2 of --schedules 60: kept: {Path.Combine("a", "range-1-of-2.json")}
                      captured@tool: 30 schedules, 10 failed
                    next, when all 2 are there: replay-harness merge DIR…

                    """
                )
            ),
            first.Errors
        );
        Assert.That((await RangeAsync("2/2", "b")).ExitCode, Is.Zero);
        foreach (
            var options in (string[][])
                [
                    [],
                    ["--json"],
                ]
        )
        {
            var (one, merged) = (await RunAsync("60", options), await MergeAsync(["b", "a", .. options]));
            Assert.That(merged, Is.EqualTo(one));
            Assert.That(one.ExitCode, Is.EqualTo(1));
        }
        var again = await RangeAsync("2/2", "b");
        Assert.That(again.Output, Does.StartWith("range 2/2 of --schedules 60: was there already: b"));
        Assert.That((await RangeAsync("2/2", "b", "--fresh")).Output, Does.StartWith("range 2/2 of --schedules 60: kept: b"));
    }

    [Test]
    public async Task What_is_not_all_of_one_job_is_refused_by_name()
    {
        await RangeAsync("1/2", "a");
        var missing = await MergeAsync("a");
        Assert.That((missing.ExitCode, missing.Output), Is.EqualTo((3, "")));
        Assert.That(
            missing.Errors,
            Does.Contain("no range 2 of 2: run ").And.Contain("--schedules 60 --hypothesis captured@tool --range 2/2 --results DIR")
        );
        var file = Path.Combine(_folder.Path, "a", "range-1-of-2.json");
        Copy("twice", "range-1-of-2.json", await File.ReadAllTextAsync(file));
        Copy("torn", "range-2-of-2.json", (await File.ReadAllTextAsync(file))[..^40]);
        Copy(
            "edited",
            "range-2-of-2.json",
            (await File.ReadAllTextAsync(file)).Replace("\"failed\":10", "\"failed\":0", StringComparison.Ordinal)
        );
        await RunAsync("60", "--range", "2/2", "--results", "seed", "--seed", "5");
        await RangeAsync("3/3", "three");
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, "pitfall", "fixture.json"), "\n");
        await RangeAsync("2/2", "later");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        foreach (
            var (folder, message) in ((string, string)[])
                [
                    ("twice", "range 1/2 is there twice: a/range-1-of-2.json, twice/range-1-of-2.json"),
                    ("torn", "range-2-of-2.json:1:"),
                    ("edited", "range-2-of-2.json: was changed since it was written; delete the file and run the range again"),
                    ("seed", "is of another job than a/range-1-of-2.json"),
                    ("three", "three/range-3-of-3.json: is one of 3 ranges, and a/range-1-of-2.json of 2"),
                    ("later", "later/range-2-of-2.json: was run with other code or another fixture than a/range-1-of-2.json"),
                    ("empty", "empty: holds no range"),
                ]
        )
        {
            var run = await MergeAsync("a", folder);
            Assert.That((run.ExitCode, run.Output), Is.EqualTo((3, "")), folder);
            Assert.That(run.Errors, Does.Contain(message));
        }
    }

    [Test]
    public async Task Ranges_of_what_is_no_longer_there_are_refused()
    {
        await RangeAsync("1/1", "a");
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, "pitfall", "fixture.json"), "\n");
        var run = await MergeAsync("a");
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((3, "")));
        Assert.That(run.Errors, Does.Contain("a: its ranges were run with other code or another fixture than"));
    }

    [Test]
    public async Task Ranges_of_an_agent_that_is_told_something_else_are_refused()
    {
        var told = Path.Combine(_folder.Path, "told");
        Assert.That((await ToldAsync(told, "1/2", "a")).ExitCode, Is.Zero);
        Assert.That((await ToldAsync(told, "2/2", "b")).ExitCode, Is.Zero);
        Assert.That((await ToldAsync("", "2/2", "c")).ExitCode, Is.Zero);
        foreach (
            var (other, end) in ((string, string)[])
                [("c", "than a/range-1-of-2.json; set them alike"), ("b", "than are set here; set them alike")]
        )
        {
            var run = await MergeAsync("a", other);
            Assert.That((run.ExitCode, run.Output), Is.EqualTo((3, "")));
            Assert.That(run.Errors, Does.Contain("with other values of variables that the agent's code names ").And.Contain(end));
        }
    }

    [Test]
    public async Task A_folder_keeps_the_ranges_of_one_job()
    {
        await RangeAsync("1/2", "a");
        var run = await RunAsync("60", "--range", "1/2", "--results", "a", "--seed", "5");
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(
            run.Errors,
            Does.Contain("range-1-of-2.json: is of another job").And.Contain("give this one another --results, or --fresh")
        );
    }

    [Test]
    public async Task A_range_that_was_cut_is_not_kept()
    {
        var run = await RunAsync("60", "--range", "1/2", "--results", "a", "--budget", "5");
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((5, "")));
        Assert.That(run.Errors, Does.Contain("range 1/2 is not kept: captured@tool: the budget of 5 schedules ran out\nrerun: "));
        Assert.That(Directory.GetFiles(Path.Combine(_folder.Path, "a")), Is.Empty);
    }

    [TestCase("--range 0/2 --results a", 3, "--range 0/2: expected I/N with I from 1 to N")]
    [TestCase("--range auto --results a", 3, "--range auto: nothing in the environment says which part this is")]
    [TestCase("--range 1/20000 --results a", 3, "--range 1/20000: expected at most 10000 ranges")]
    [TestCase("--range 1/2", 2, "--range: keeps what it shows in --results DIR, which is missing")]
    [TestCase("--results a", 2, "--results: keeps what a range shows; expected --range I/N, too")]
    [TestCase("--fresh", 2, "--fresh: says whether a range is run again; expected --range I/N, too")]
    [TestCase("--range 1/2 --results a --json", 2, "leave out --json and --write-schedule")]
    [TestCase("--range 1/2 --results a --steps", 2, "--range: --steps cannot be divided")]
    [TestCase("--range 1/2 --results a --faults 1", 2, "--range: --faults 1 cannot be divided")]
    [TestCase("--range 1/2 --results a --budget 3s", 2, "--range: --budget 3s cannot be divided")]
    [TestCase("--range 1/2 --results a --races only", 2, "--range: --races only cannot be divided")]
    [TestCase("--range 1/2 --results a --schedules captured", 2, "--range: --schedules captured cannot be divided")]
    public async Task What_cannot_be_is_one_clear_error(string options, int code, string message)
    {
        var run = await Tool.RunInAsync(_folder.Path, ["run", "pitfall", "--agent", Agent, .. options.Split(' ')]);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((code, "")), run.Errors);
        Assert.That(run.Errors, Does.Contain(message));
    }

    private static string Agent => $"{Replay.Assembly}:{nameof(LeakedOrderBroken)}";

    private void Copy(string folder, string name, string text) => _folder.Write(Path.Combine(folder, name), text);

    private Task<ToolResult> RangeAsync(string range, string folder, params string[] options) =>
        RunAsync("60", ["--range", range, "--results", folder, .. options]);

    private Task<ToolResult> RunAsync(string schedules, params string[] options) =>
        Tool.RunInAsync(
            _folder.Path,
            ["run", "pitfall", "--agent", Agent, "--hypothesis", "captured@tool", "--schedules", schedules, .. options]
        );

    private async Task<ToolResult> ToldAsync(string value, string range, string folder)
    {
        string[] command = ["run", "pitfall", "--agent", $"{Replay.Assembly}:{nameof(ChangingDriver)}", "--schedules", "4"];
        using var run = Tool.Start([.. command, "--range", range, "--results", folder], _folder.Path, [(ChangingDriver.Variable, value)]);
        run.StandardInput.Close();
        return await Tool.EndAsync(run);
    }

    private Task<ToolResult> MergeAsync(params string[] folders) => Tool.RunInAsync(_folder.Path, ["merge", .. folders]);
}
