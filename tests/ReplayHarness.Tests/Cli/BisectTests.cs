using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>A history of an agent in which the failure comes and goes: the commits that brought it and that ended it are named.</summary>
public sealed class BisectTests
{
    private const string Told = "catch (TimeoutException e) { return e.Message; }", Dies = "finally { }";

    [Test]
    public async Task The_commits_that_brought_the_failure_and_ended_it()
    {
        using var folder = new TempFolder();
        var commits = History(folder.Path, "// builds");
        var fixture = Data.Fixture;
        var brought = await Tool.RunInAsync(folder.Path, "bisect", fixture, "--agent", "Agent", "--good", commits[0], "--bad", commits[4], "--hypothesis", "captured@tool", "--json");
        Assert.That(brought.ExitCode, Is.Zero, brought.Output + brought.Errors);
        Assert.That((string?)JsonNode.Parse(brought.Output)!["first"], Is.EqualTo(commits[3]), brought.Errors);
        var ended = await Tool.RunInAsync(folder.Path, "bisect", fixture, "--agent", Path.Combine("Agent", "Agent.csproj"), "--good", commits[5], "--bad", commits[3], "--fixed", "--hypothesis", "captured@tool");
        Assert.That(ended.ExitCode, Is.Zero, ended.Output + ended.Errors);
        Assert.That(ended.Output, Does.StartWith($"the first commit without the failure: {commits[5][..7]}").And.Contain("commit 5").And.Contain("\nrerun: "));
        var wrong = await Tool.RunInAsync(folder.Path, "bisect", fixture, "--agent", "Agent", "--good", commits[4], "--bad", commits[5], "--hypothesis", "captured@tool");
        Assert.That(wrong.ExitCode, Is.EqualTo(3));
        Assert.That(wrong.Errors, Does.Contain($"{commits[5]} is said to fail, but "));
        Assert.That(Component.Run("git", "-C", folder.Path, "worktree", "list").Output.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_commit_that_does_not_build_is_passed_over_and_may_be_the_one()
    {
        using var folder = new TempFolder();
        var commits = History(folder.Path, "this does not build");
        var result = await Tool.RunInAsync(folder.Path, "bisect", Data.Fixture, "--agent", "Agent", "--good", commits[0], "--bad", commits[4], "--hypothesis", "captured@tool");
        Assert.That(result.ExitCode, Is.EqualTo(5), result.Output + result.Errors);
        Assert.That(result.Errors, Does.Contain($"{commits[2][..10]} is skipped: it does not build: Agent.cs("));
        Assert.That(result.Output.Split('\n')[1..3].Select(l => l.Trim()), Is.EquivalentTo(new[] { $"{commits[2][..7]} commit 2", $"{commits[3][..7]} commit 3" }), result.Output);
    }

    [Test]
    public async Task Outside_of_a_repository()
    {
        using var folder = new TempFolder();
        var result = await Tool.RunInAsync(folder.Path, "bisect", Data.Fixture, "--agent", "Agent", "--good", "a", "--bad", "b");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((3, "replay-harness: bisect needs a Git repository: the current folder is in none\n")));
    }

    // 0 told, 1 a comment, 2 what is given, 3 dies, 4 a comment, 5 told again.
    private static string[] History(string folder, string second)
    {
        Git(folder, "init", "-q", ".");
        Directory.CreateDirectory(Path.Combine(folder, "Agent"));
        File.WriteAllText(Path.Combine(folder, ".gitignore"), "bin/\nobj/\n");
        File.WriteAllText(Path.Combine(folder, "Agent", "Agent.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><EnableDynamicLoading>true</EnableDynamicLoading></PropertyGroup>
              <ItemGroup>{string.Concat(new[] { "ReplayHarness", "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions" }.Select(n => $"<Reference Include=\"{n}\" HintPath=\"{Path.Combine(Data.Root, n)}.dll\" />"))}</ItemGroup>
            </Project>
            """);
        return [.. new[] { (Told, ""), (Told, "// a comment"), (Told, second), (Dies, ""), (Dies, "// another"), (Told, "// mended") }.Select((c, i) => Commit(folder, i, c.Item1, c.Item2))];
    }

    private static string Commit(string folder, int number, string handling, string more)
    {
        File.WriteAllText(Path.Combine(folder, "Agent", "Agent.cs"), $$"""
            using Microsoft.Extensions.AI;
            using ReplayHarness.Replays;
            {{more}}
            public sealed class Driver : IReplayDriver
            {
                public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
                {
                    List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
                    for (var turn = 0; turn < 9; turn++)
                    {
                        var answer = await services.ChatClient().GetResponseAsync(messages, null, cancellationToken);
                        messages.AddRange(answer.Messages);
                        var calls = answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToArray();
                        if (calls.Length == 0) return;
                        messages.Add(new(ChatRole.Tool, [.. await Task.WhenAll(calls.Select(async c => (AIContent)new FunctionResultContent(c.CallId, await CallAsync(services, c, cancellationToken))))]));
                    }
                }

                private static async Task<object> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken cancellationToken)
                {
                    try { return await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken); }
                    {{handling}}
                }
            }
            """);
        Git(folder, "add", "-A");
        Git(folder, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", $"commit {number}");
        return Component.Run("git", "-C", folder, "rev-parse", "HEAD").Output.Trim();
    }

    private static void Git(string folder, params string[] arguments) => Assert.That(Component.Run("git", ["-C", folder, .. arguments]).ExitCode, Is.Zero);
}
