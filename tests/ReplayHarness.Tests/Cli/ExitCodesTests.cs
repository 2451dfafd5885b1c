using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>Exit codes mean something, and a user's mistake is one line on standard error.</summary>
public sealed class ExitCodesTests
{
    private const string Traces = "incidents/drive-timeout/traces.otlp.jsonl";

    private static string Agent(string driver) => $"{Replay.Assembly}:{driver}";

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Case(3, "'tree' of several traces", ["tree", Traces], "tree needs one of --trace ID and --where KEY=VALUE: 019e6b");
        yield return Case(2, "an unknown command", ["frobnicate"], "frobnicate");
        yield return Case(2, "an unknown option", ["inspect", Traces, "--frob"], "--frob");
        yield return Case(
            3,
            "capture without a selection",
            ["capture", Traces, "--out", "x"],
            "holds several traces: capture needs one of --trace ID and --where KEY=VALUE: "
        );
        yield return Case(
            2,
            "schedules that are no number",
            ["run", "x", "--agent", "y", "--schedules", "many"],
            "--schedules many: expected captured, all or a number above 0"
        );
        yield return Case(
            2,
            "an unknown verdict",
            ["run", "x", "--agent", "y", "--expect", "fine"],
            "--expect fine: expected one of diverged, not-established"
        );
        yield return Case(3, "no such file", ["inspect", "no-such.jsonl"], "no-such.jsonl: there is no such file");
        yield return Case(3, "a folder", ["inspect", "traces"], "is a folder; name its files with a glob");
        yield return Case(3, "a glob without a match", ["inspect", "traces/*.xml"], "no file matches");
        yield return Case(3, "a file of no known form", ["inspect", "traces/README.md"], "of no known container");
        yield return Case(
            3,
            "a store without a selection",
            ["tree", "jaeger:http://127.0.0.1:9"],
            "is a store: tree needs one of --trace ID and --where KEY=VALUE. What each run did says: replay-harness inspect jaeger:"
        );
        yield return Case(3, "a trace that is not there", ["tree", Traces, "--trace", "ffff"], "holds no trace ffff. Find one with");
        yield return Case(3, "a prefix of several traces", ["tree", Traces, "--trace", "019e6b"], "stands for 4 traces");
        yield return Case(3, "a selection without a match", ["attempts", Traces, "--where", "task_id=7"], "no span has task_id=7");
        yield return Case(3, "a selection of the wrong form", ["attempts", Traces, "--where", "task_id"], "expected KEY=VALUE");
        yield return Case(
            3,
            "calls at once in a run that failed",
            ["parallel", "teams/gallery.jsonl", "--trace", "e6676ec6", "--agent", "y"],
            "is not healthy (lost-sibling-result"
        );
        yield return Case(3, "no such fixture", ["run", "no-such", "--agent", "y"], "there is no fixture here");
        yield return Case(3, "no such agent", ["run", Data.Fixture, "--agent", "no-such.dll"], "there is no such assembly");
        yield return Case(3, "no such driver", ["run", Data.Fixture, "--agent", Agent("Nobody")], "holds no driver Nobody");
        yield return Case(
            3,
            "a driver that throws",
            ["run", Data.Fixture, "--agent", Agent(nameof(ThrowsInConfigure))],
            "threw InvalidOperationException: no such setting"
        );
        yield return Case(
            3,
            "no such incident",
            ["replays", Data.Root, "nothing", "--assembly", Replay.Assembly],
            "there is no incident nothing"
        );

        static TestCaseData Case(int code, string name, string[] arguments, string message) =>
            new TestCaseData(code, arguments, message).SetName($"Exit {code}: {name}");
    }

    [TestCaseSource(nameof(Mistakes))]
    public async Task Mistake(int code, string[] arguments, string message)
    {
        var result = await Tool.RunAsync(arguments);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((code, "")));
        Assert.That(result.Errors, Does.StartWith("replay-harness: ").And.Contain(message).And.Not.Contains("   at "));
    }

    [TestCase(0, nameof(RaceRemoved), "--hypothesis", "healthy@http")]
    [TestCase(1, nameof(Shipped), "--hypothesis", "healthy@http")]
    [TestCase(0, nameof(Shipped), "--expect", "reproduced")]
    [TestCase(1, nameof(CatchAdded))]
    [TestCase(4, nameof(AsksForSomethingElse), "--hypothesis", "captured@tool")]
    [TestCase(5, nameof(FirstCallOnly))]
    public async Task Verdict(int code, string driver, params string[] options)
    {
        var result = await Tool.RunAsync(["run", Data.Fixture, "--agent", Agent(driver), .. options]);
        Assert.That(result.ExitCode, Is.EqualTo(code), result.Output + result.Errors);
        Assert.That(result.Output.TrimEnd().Split('\n')[^1], Does.StartWith("rerun: replay-harness run "));
    }

    [Test]
    public async Task A_broken_line_is_named_and_the_rest_is_shown_unless_strict()
    {
        var text = File.ReadAllText(Data.DriveTimeout) + "{\"resourceSpans\":[{\n";
        var lenient = await Tool.RunAsync(text, ["inspect", "-"]);
        var strict = await Tool.RunAsync(text, ["inspect", "-", "--strict"]);
        Assert.That((lenient.ExitCode, strict.ExitCode, strict.Output), Is.EqualTo((0, 3, "")));
        Assert.That(lenient.Output, Is.EqualTo((await Tool.RunAsync("inspect", Traces)).Output));
        Assert.That(lenient.Errors, Does.Contain("not JSON, or cut off"));
        Assert.That(strict.Errors, Does.Contain("not JSON, or cut off"));
    }

    [Test]
    public async Task Nothing_that_could_be_read_is_bad_input_and_something_is_not()
    {
        var nothing = await Tool.RunAsync("{\"hello\":1}\n", ["inspect", "-"]);
        Assert.That(nothing.ExitCode, Is.EqualTo(3), nothing.Errors);
        Assert.That(
            nothing.Errors,
            Does.Contain("-:1: $: is an object of no known form").And.EndsWith("replay-harness: -: nothing of it could be read\n")
        );
        var some = await Tool.RunAsync("{\"hello\":1}\n" + await File.ReadAllTextAsync(Data.DriveTimeout), ["inspect", "-"]);
        Assert.That(some.ExitCode, Is.Zero);
        var strict = await Tool.RunAsync("{\"hello\":1}\n" + await File.ReadAllTextAsync(Data.DriveTimeout), ["inspect", "-", "--strict"]);
        Assert.That(strict.ExitCode, Is.EqualTo(3));
    }
}
