using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>A history of an agent in which the failure comes and goes: the commits that brought it and that ended it are named.</summary>
public sealed class BisectTests
{
    [Test]
    public async Task The_commits_that_brought_the_failure_and_ended_it()
    {
        using var folder = new TempFolder();
        var commits = AgentHistory.Write(folder.Path, "// builds");
        var fixture = Data.Fixture;
        var brought = await Tool.RunInAsync(
            folder.Path,
            "bisect",
            fixture,
            "--agent",
            "Agent",
            "--good",
            commits[0],
            "--bad",
            commits[4],
            "--hypothesis",
            "captured@tool",
            "--json"
        );
        Assert.That(brought.ExitCode, Is.Zero, brought.Output + brought.Errors);
        Assert.That((string?)JsonNode.Parse(brought.Output)!["first"], Is.EqualTo(commits[3]), brought.Errors);
        var ended = await Tool.RunInAsync(
            folder.Path,
            "bisect",
            fixture,
            "--agent",
            Path.Combine("Agent", "Agent.csproj"),
            "--good",
            commits[5],
            "--bad",
            commits[3],
            "--fixed",
            "--hypothesis",
            "captured@tool"
        );
        Assert.That(ended.ExitCode, Is.Zero, ended.Output + ended.Errors);
        Assert.That(
            ended.Output,
            Does.StartWith($"the first commit without the failure: {commits[5][..7]}").And.Contain("commit 5").And.Contain("\nrerun: ")
        );
        var wrong = await Tool.RunInAsync(
            folder.Path,
            "bisect",
            fixture,
            "--agent",
            "Agent",
            "--good",
            commits[4],
            "--bad",
            commits[5],
            "--hypothesis",
            "captured@tool"
        );
        Assert.That(wrong.ExitCode, Is.EqualTo(3));
        Assert.That(wrong.Errors, Does.Contain($"{commits[5]} is said to fail, but "));
        Assert.That(Component.Run("git", "-C", folder.Path, "worktree", "list").Output.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_commit_that_does_not_build_is_passed_over_and_may_be_the_one()
    {
        using var folder = new TempFolder();
        var commits = AgentHistory.Write(folder.Path, "this does not build");
        var result = await Tool.RunInAsync(
            folder.Path,
            "bisect",
            Data.Fixture,
            "--agent",
            "Agent",
            "--good",
            commits[0],
            "--bad",
            commits[4],
            "--hypothesis",
            "captured@tool"
        );
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        Assert.That(result.Errors, Does.Contain($"{commits[2][..10]} is skipped: it does not build: Agent.cs("));
        Assert.That(
            result.Output.Split('\n')[1..3].Select(l => l.Trim()),
            Is.EquivalentTo(new[] { $"{commits[2][..7]} commit 2", $"{commits[3][..7]} commit 3" }),
            result.Output
        );
    }

    [Test]
    public async Task Outside_of_a_repository()
    {
        using var folder = new TempFolder();
        var result = await Tool.RunInAsync(folder.Path, "bisect", Data.Fixture, "--agent", "Agent", "--good", "a", "--bad", "b");
        Assert.That(
            (result.ExitCode, result.Errors),
            Is.EqualTo((3, "replay-harness: bisect needs a Git repository: the current folder is in none\n"))
        );
    }

    // What Git says is read, and shown: in one language, whatever the user's.
    [Test]
    [Platform(Include = "Linux", Reason = "the stand-in of Git is a shell script")]
    public async Task Git_speaks_one_language()
    {
        using var folder = new TempFolder();
        var git = Path.Combine(folder.Path, "git");
        await File.WriteAllTextAsync(git, "#!/bin/sh\necho \"$LC_ALL\" >> \"$0.language\"\nexit 1\n");
        Assert.That(Component.Run("chmod", "+x", git).ExitCode, Is.Zero);
        var path = $"{folder.Path}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        var result = await Tool.RunWithAsync(
            ("PATH", path),
            ["bisect", Data.Fixture, "--agent", "Agent", "--good", "a", "--bad", "b", "--hypothesis", "captured@tool"]
        );
        Assert.That(
            (result.ExitCode, result.Errors),
            Is.EqualTo((3, "replay-harness: bisect needs a Git repository: the current folder is in none\n"))
        );
        Assert.That(await File.ReadAllLinesAsync(git + ".language"), Is.Not.Empty.And.All.EqualTo("C"));
    }
}
