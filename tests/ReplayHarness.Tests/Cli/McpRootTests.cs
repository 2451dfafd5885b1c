using ModelContextProtocol.Client;
using ReplayHarness.Tests.Support;
using static ReplayHarness.Tests.Cli.McpCalls;

namespace ReplayHarness.Tests.Cli;

/// <summary>What a caller names of the file system: it lies in the root, and is a name and nothing else.</summary>
public sealed class McpRootTests
{
    private TempFolder _folder = null!;
    private McpClient _rooted = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = new();
        _rooted = await ClientAsync(Rooted(_folder));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _rooted.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("../outside.jsonl", "it lies outside")]
    [TestCase("/etc/passwd", "it lies outside")]
    [TestCase("link/traces.jsonl", "it lies outside")]
    [TestCase("link/../traces.jsonl", "it lies outside")]
    [TestCase("far/*.jsonl", "it lies outside")]
    [TestCase("*/../x.jsonl", "expected a glob without ..")]
    [TestCase("circle", "it lies outside")]
    [TestCase("-", "standard input belongs to the protocol")]
    public async Task What_is_read_lies_in_the_root(string source, string why)
    {
        var result = await CallAsync(_rooted, "inspect", ("source", source));
        Assert.That(result.IsError, Is.True);
        Assert.That(Text(result, 0), Does.StartWith($"replay-harness: inspect: source {source}: ").And.Contain(why));
    }

    // A prefix that names a service to one parameter is a folder's name to another.
    [TestCase("debug", "logs", "s3:/../../outside.jsonl")]
    [TestCase("inspect", "source", "prometheus:/../../outside.jsonl")]
    [TestCase("run", "agent", "../other/Driver.dll:Driver")]
    [TestCase("run", "write-schedule", "../new.json")]
    public async Task Every_parameter_that_is_a_path_lies_in_the_root(string tool, string parameter, string path)
    {
        var result = await CallAsync(_rooted, tool, (parameter, path));
        Assert.That(result.IsError, Is.True);
        Assert.That(Text(result, 0), Does.StartWith($"replay-harness: {tool}: {parameter} {path}: it lies outside the root "));
    }

    [TestCase("../out", "it lies outside")]
    [TestCase("link", "it lies outside")]
    [TestCase("link/new/deep", "it lies outside")]
    [TestCase("kept", "leads out of")]
    public async Task What_is_written_lies_in_the_root(string output, string why)
    {
        var before = Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories);
        var result = await CallAsync(_rooted, "capture", ("source", "traces.jsonl"), ("trace", "019e6b59"), ("out", output));
        Assert.That(result.IsError, Is.True);
        Assert.That(Text(result, 0), Does.StartWith($"replay-harness: capture: out {output}: ").And.Contain(why));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo(before));
    }

    // What a value looks like makes no difference: it is no option, and no file of options.
    [TestCase("tree", "source", "--out=x", "replay-harness: --out=x: there is no such file")]
    [TestCase("tree", "source", "@traces.jsonl", "replay-harness: @traces.jsonl: there is no such file")]
    [TestCase(
        "find",
        "source",
        "traces.jsonl",
        "replay-harness: Option '--where' is required.\nreplay-harness: see 'replay-harness find --help'"
    )]
    public async Task Bad_input_is_said_as_the_command_says_it(string tool, string parameter, string value, string message)
    {
        var result =
            tool == "tree"
                ? await CallAsync(_rooted, tool, (parameter, value), ("trace", "5c1f"))
                : await CallAsync(_rooted, tool, (parameter, value));
        Assert.That((result.IsError, Text(result, 0)), Is.EqualTo((true, message)));
    }

    private static string Rooted(TempFolder folder)
    {
        folder.Write("outside.jsonl", "");
        var root = Path.Combine(folder.Path, "root");
        Directory.CreateDirectory(Path.Combine(root, "kept"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "other"));
        File.Copy(Data.DriveTimeout, Path.Combine(root, "traces.jsonl"));
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), "../other");
        Directory.CreateSymbolicLink(Path.Combine(root, "far"), folder.Path);
        File.CreateSymbolicLink(Path.Combine(root, "circle"), "circle");
        File.CreateSymbolicLink(Path.Combine(root, "kept", "fixture.json"), "../../outside.jsonl");
        return root;
    }
}
