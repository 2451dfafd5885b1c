using System.Diagnostics;
using ReplayHarness.Tests.Server;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Repository;

/// <summary>
/// The commands that documents tell people to type, typed: every shell block runs in some test. Console blocks, which show what is printed,
/// are <see cref="DocumentsTests"/>'.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Platform(Include = "Linux", Reason = "the commands are a shell's")]
public sealed class ShellBlocksTests
{
    private static readonly Dictionary<string, string> s_elsewhere = new(StringComparer.Ordinal)
    {
        ["README.md 1"] = "the two commands that CI runs",
        ["README.md 2"] = nameof(FreshSolutionTests),
        ["docs/ci.md 1"] = nameof(FreshSolutionTests),
        ["docs/frameworks.md 1"] = nameof(FreshFrameworksTests),
        ["docs/frameworks.md 2"] = nameof(FreshFrameworksTests),
        ["docs/frameworks.md 3"] = nameof(FreshFrameworksTests),
    };

    private TempFolder _folder = null!;

    [SetUp]
    public void New() => _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Every_block_is_run()
    {
        var run = s_elsewhere.Keys.Concat(
            typeof(ShellBlocksTests)
                .GetMethods()
                .SelectMany(m => m.GetCustomAttributes(typeof(TestCaseAttribute), false).Cast<TestCaseAttribute>())
                .Select(c => (string)c.Arguments[0]!)
        );
        Assert.That(Blocks().Keys, Is.EquivalentTo(run));
    }

    [TestCase("docs/testing.md 1", "fixtures/drive-timeout: 4 attempt(s)")]
    [TestCase("docs/agents.md 3", "", "stubs.json", "stubs.net.json", "fixtures/order-desk/http/stubs.json")]
    [TestCase("docs/incidents.md 1", "can be closed", "replays/drive-timeout/evidence.json", "replays/drive-timeout/evidence.md")]
    [TestCase("docs/scale.md 1", "as expected", "results.xml", "part-1/plan.json")]
    [TestCase("docs/redaction.md 1", "nothing looks like a secret or like personal data")]
    public void Block(string block, string says, params string[] leaves)
    {
        Prepare();
        File.Copy(Data.DriveTimeout, Path.Combine(_folder.Path, "traces.jsonl"));
        File.Copy(Path.Combine(Data.Fixture, "healthy.otlp.jsonl"), Path.Combine(_folder.Path, "healthy.jsonl"));
        var ran = Shell(Blocks()[block]);
        Assert.That(ran.ExitCode, Is.Zero, ran.Output);
        Assert.That(ran.Output, Does.Contain(says));
        Assert.That(leaves.Where(file => !File.Exists(Path.Combine(_folder.Path, file))), Is.Empty);
    }

    // The agent of this history has no tool code of its own, so that its fix is one of the symptom.
    [TestCase("docs/incidents.md 2", 1, "hunk 2 of 2, tests/Agent.Replays/Agent.cs:22: noticed")]
    [TestCase("docs/incidents.md 3", 0, "the first commit without the failure: ")]
    public void In_a_repository(string block, int code, string says)
    {
        var commits = AgentHistory.Write(_folder.Path, "// builds", Path.Combine("tests", "Agent.Replays"));
        foreach (var (tag, commit) in new[] { ("v1.4", 0), ("v1.5", 4), ("v1.6", 5) })
            AgentHistory.Git(_folder.Path, "tag", tag, commits[commit]);
        CopyFrom("fixtures/drive-timeout", "*");
        var ran = Shell(Blocks()[block]);
        Assert.That(ran.ExitCode, Is.EqualTo(code), ran.Output);
        Assert.That(ran.Output, Does.Contain(says));
    }

    [TestCase("docs/agents.md 1", "http://127.0.0.1:5055")]
    [TestCase("docs/debugging.md 1", "attach a debugger to process ")]
    public async Task Goes_on_until_it_is_ended(string block, string says)
    {
        Prepare();
        using var process = Process.Start(Bash(Blocks()[block]))!;
        try
        {
            var said = await Task.WhenAny(process.StandardOutput.ReadLineAsync(), process.StandardError.ReadLineAsync());
            Assert.That(await said, Does.Contain(says));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    // In real time: with nothing beside it.
    [NonParallelizable]
    [TestCase("docs/agents.md 2", "2 tool calls")]
    public async Task Records_from_the_wire(string block, string says)
    {
        Prepare();
        Node.Run("vercel.mjs");
        using var live = await Served.StartAsync(Path.Combine(Data.Root, "fixtures", "order-desk"));
        var url = live.Http.BaseAddress!.ToString().TrimEnd('/');
        var ran = Shell(
            $"export OPENAI_BASE_URL={url}/v1 OPENAI_API_KEY=no-key\n"
                + Blocks()[block]
                    .Replace("https://orders.example", $"{url}/http/orders.example", StringComparison.Ordinal)
                    .Replace("https://inventory.example", $"{url}/http/inventory.example", StringComparison.Ordinal)
        );
        Assert.That(ran.ExitCode, Is.Zero, ran.Output);
        Assert.That(ran.Output, Does.Contain(says));
    }

    // A document's blocks by its name and their number, from 1.
    private static Dictionary<string, string> Blocks() =>
        new(
            from file in Directory.GetFiles(Path.Combine(Repo.Root, "docs"), "*.md").Append(Path.Combine(Repo.Root, "README.md"))
            where !file.Contains(".received.", StringComparison.Ordinal)
            from block in File.ReadAllText(file)
                .Split("```sh\n")
                .Skip(1)
                .Select((text, i) => (Text: text[..text.IndexOf("```", StringComparison.Ordinal)], Number: i + 1))
            select KeyValuePair.Create($"{Path.GetRelativePath(Repo.Root, file).Replace('\\', '/')} {block.Number}", block.Text)
        );

    // What the commands find about them: fixtures, incidents, and the agents where they lie in the repository.
    private void Prepare()
    {
        CopyFrom("fixtures", "*");
        CopyFrom("replays", "expected.json");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "tests"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "tests", "Agents"), Path.Combine(Repo.Root, "tests", "Agents"));
    }

    private void CopyFrom(string folder, string files)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repo.Root, folder), files, SearchOption.AllDirectories))
            _folder.Write(Path.GetRelativePath(Repo.Root, file), File.ReadAllText(file));
    }

    private (int ExitCode, string Output) Shell(string block)
    {
        using var process = Process.Start(Bash(block))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private ProcessStartInfo Bash(string block)
    {
        var tool = $"replay-harness() {{ dotnet exec '{Path.Combine(Data.Root, "replay-harness.dll")}' \"$@\"; }}\n";
        return new(
            "bash",
            ["-euo", "pipefail", "-c", tool + block.Replace("PATH/TO/Agent.Replays.dll", Repo.Replays, StringComparison.Ordinal)]
        )
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
