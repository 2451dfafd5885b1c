using System.Text.Json;
using ReplayHarness.Tests.Support;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Cli;

/// <summary>The five questions, in order, on the incident as it was published; and what a person reads.</summary>
public sealed class ReadingCommandsTests
{
    private const string Traces = "incidents/drive-timeout/traces.otlp.jsonl";
    private const string Where = $"task_id={Data.TaskId}";

    private static string Code { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "Agents", "MailPilot"));

    [Test]
    public Task Find() => Prints("find", Traces, "--where", Where);

    [Test]
    public Task Tree() => Prints("tree", Traces, "--trace", Data.FirstAttempt);

    [Test]
    public Task Attempts() => Prints("attempts", Traces, "--where", Where);

    [Test]
    public Task Io() => Prints("io", Traces, "--trace", Data.FirstAttempt);

    [Test]
    public Task Bridge() => Prints("bridge", Traces, "--trace", Data.FirstAttempt, "--code", Code);

    [Test]
    public Task Inspect() => Prints("inspect", Traces);

    [Test]
    public Task Inspect_three_runs() => Prints("inspect", "incidents/three-runs/traces.otlp.jsonl");

    [Test]
    public Task Inspect_json() => Prints("inspect", "traces/langgraph-openinference-raise/traces.otlp.jsonl", "--json");

    [TestCase("find", Traces, "--where", Where)]
    [TestCase("tree", Traces, "--trace", Data.FirstAttempt)]
    [TestCase("attempts", Traces, "--where", Where)]
    [TestCase("io", Traces, "--trace", Data.FirstAttempt)]
    [TestCase("inspect", Traces)]
    public async Task Json_is_one_document(params string[] arguments)
    {
        var result = await Tool.RunAsync([.. arguments, "--json"]);
        Assert.That(result.ExitCode, Is.Zero);
        using var document = JsonDocument.Parse(result.Output);
        Assert.That(document.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
    }

    [Test]
    public async Task Standard_input_and_globs_are_sources()
    {
        var expected = (await Tool.RunAsync("inspect", Traces)).Output;
        Assert.That((await Tool.RunAsync(File.ReadAllText(Data.DriveTimeout), ["inspect", "-"])).Output, Is.EqualTo(expected));
        Assert.That((await Tool.RunAsync("inspect", "incidents/drive-t*/tr*.jsonl")).Output, Is.EqualTo(expected));
    }

    [Test]
    public async Task Environment_selects()
    {
        var all = await Tool.RunAsync("find", Traces, "--where", Where);
        var production = await Tool.RunAsync("find", Traces, "--where", Where, "--environment", "production");
        var other = await Tool.RunAsync("find", Traces, "--where", Where, "--environment", "staging");
        Assert.That((all.ExitCode, production.ExitCode, other.ExitCode), Is.EqualTo((0, 0, 3)));
        Assert.That(production.Output, Is.EqualTo(all.Output));
    }

    // The same two options, with the same meaning, wherever a trace is asked for.
    [Test]
    public async Task Where_selects_as_trace_does()
    {
        var attempts = await Task.WhenAll(
            JsonDocument
                .Parse((await Tool.RunAsync("attempts", Traces, "--where", Where, "--json")).Output)
                .RootElement.GetProperty("attempts")
                .EnumerateArray()
                .Select(a => a.GetProperty("traceId").GetString()!)
                .Select(async id => $"trace {id}\n\n{(await Tool.RunAsync("tree", Traces, "--trace", id)).Output}")
        );
        Assert.That((await Tool.RunAsync("tree", Traces, "--where", Where)).Output, Is.EqualTo(string.Join("\n", attempts)));
        var inspected = await Tool.RunAsync("inspect", Traces, "--trace", Data.FirstAttempt);
        Assert.That(inspected.Output.Split("\nrun "), Has.Length.EqualTo(1));
        Assert.That(inspected.Output, Does.StartWith($"run {Data.FirstAttempt}"));
        var converted = await Tool.RunAsync("convert", Traces, "--trace", Data.FirstAttempt);
        Assert.That((await Tool.RunAsync(converted.Output, ["inspect", "-"])).Output, Is.EqualTo(inspected.Output));
        var bridged = await Tool.RunAsync("bridge", Traces, "--where", Where, "--code", Code);
        Assert.That(
            bridged.Output,
            Is.EqualTo((await Tool.RunAsync("bridge", Traces, "--trace", Data.FirstAttempt, "--code", Code)).Output)
        );
        var io = await Tool.RunAsync("io", Traces, "--where", Where);
        Assert.That(io.Output, Does.Contain((await Tool.RunAsync("io", Traces, "--trace", Data.FirstAttempt)).Output[..200]));
    }

    // Of a file with one trace nobody needs to be told which.
    [TestCase("tree")]
    [TestCase("io")]
    public async Task The_only_trace_of_a_file_is_meant(string command)
    {
        var named = await Tool.RunAsync(command, "teams/garden.jsonl", "--trace", "af098b22");
        var only = await Tool.RunAsync(command, "teams/garden.jsonl");
        Assert.That(named.ExitCode, Is.Zero, named.Errors);
        Assert.That(only, Is.EqualTo(named));
    }

    [Test]
    public async Task Options_that_leave_nothing_are_told()
    {
        var result = await Tool.RunAsync("inspect", Traces, "--environment", "nowhere");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "")));
        Assert.That(result.Errors, Does.EndWith("holds no trace that the given options leave\n"));
    }

    // At a terminal alone: what is read, kept or piped stays as it is.
    [TestCase("inspect teams/garden.jsonl", "next: replay-harness tree teams/garden.jsonl --trace af098b2251ee9674b956de540ff32676")]
    [TestCase("tree teams/garden.jsonl", "next: replay-harness io teams/garden.jsonl --trace af098b2251ee9674b956de540ff32676")]
    [TestCase("tree teams/garden.jsonl", "next: replay-harness new NAME --from teams/garden.jsonl --trace af098b22")]
    [TestCase("find teams/garden.jsonl --where job_id=garden", "next: replay-harness tree teams/garden.jsonl --where job_id=garden")]
    [Platform(Include = "Linux", Reason = "script makes the terminal")]
    public async Task What_comes_next_is_told_at_a_terminal(string command, string next)
    {
        if (Component.OnPath("script") is null)
            Component.Missing("script is not installed (Debian: bsdutils)");
        var tool = $"cd '{Path.Combine(Data.Root, "Data")}' && dotnet exec '{Path.Combine(Data.Root, "replay-harness.dll")}' {command}";
        Assert.That(Component.Run("script", "-qec", tool, "/dev/null").Output, Does.Contain(next));
        Assert.That((await Tool.RunAsync(command.Split(' '))).Errors, Is.Empty);
    }

    [TestCase("tree", "stands for 4 traces", "--where", Where, "--json")]
    [TestCase("tree", "tree needs one of --trace ID and --where KEY=VALUE", "--where", Where, "--trace", "019e")]
    [TestCase("inspect", "holds no trace ffff. Find one with", "--trace", "ffff")]
    public async Task A_selection_that_cannot_be_met_is_told(string command, string message, params string[] options)
    {
        var result = await Tool.RunAsync([command, Traces, .. options]);
        Assert.That((result.ExitCode > 0, result.Output), Is.EqualTo((true, "")));
        Assert.That(result.Errors, Does.Contain(message));
    }

    private static async Task Prints(params string[] arguments)
    {
        var result = await Tool.RunAsync(arguments);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        await Verify(result.Output);
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
