using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>A fix in a repository: the agent as it failed is built at its commit, and each hunk of the fix is reverted alone.</summary>
public sealed class VerifyTests
{
    [Test]
    public async Task A_fix_is_verified_against_the_commit_before_it_and_each_hunk_alone()
    {
        using var folder = new TempFolder();
        AgentHistory.Write(folder.Path, "// builds");
        var (agent, limits) = (Path.Combine(folder.Path, "Agent", "Agent.cs"), Path.Combine(folder.Path, "Agent", "Limits.cs"));
        File.WriteAllText(
            agent,
            File.ReadAllText(agent)
                .Replace("turn < 9", "turn < Limits.Turns", StringComparison.Ordinal)
                .Replace(AgentHistory.Told, AgentHistory.Dies, StringComparison.Ordinal)
        );
        File.WriteAllText(limits, "internal static class Limits\n{\n    public static int Turns => int.Parse(\"9\");\n}\n");
        AgentHistory.Git(folder.Path, "add", "-A");
        AgentHistory.Git(folder.Path, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "as it failed");
        // Not committed: the fix, what guards nothing, what another file needs, and what the agent never reaches; two files are not even
        // added.
        File.WriteAllText(
            agent,
            File.ReadAllText(agent)
                .Replace(AgentHistory.Dies, "catch (TimeoutException e) { return Texts.Of(e); }", StringComparison.Ordinal)
        );
        File.WriteAllText(limits, File.ReadAllText(limits).Replace("9", "12", StringComparison.Ordinal));
        File.WriteAllText(
            Path.Combine(folder.Path, "Agent", "Texts.cs"),
            "internal static class Texts\n{\n    public static string Of(System.Exception e) => e.Message;\n}\n"
        );
        File.WriteAllText(
            Path.Combine(folder.Path, "Agent", "Unused.cs"),
            "internal static class Unused { public static int Two => 2; }\n"
        );
        var before = Component.Run("git", "-C", folder.Path, "status", "--porcelain").Output;
        var result = await Tool.RunInAsync(
            folder.Path,
            "verify",
            Data.Fixture,
            "--fixed",
            "Agent:Driver",
            "--broken-ref",
            "HEAD",
            "--mutate",
            "--out",
            "incident",
            "--hypothesis",
            "captured@tool"
        );
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Output + result.Errors);
        var hunks = result.Output.Split('\n').Where(l => l.StartsWith("hunk: ", StringComparison.Ordinal)).ToArray();
        Assert.That(
            hunks,
            Is.EqualTo(
                new[]
                {
                    "hunk:   noticed      Agent/Agent.cs:22  - finally { }  (without it: reproduced)",
                    "hunk:   not noticed  Agent/Limits.cs:3  - public static int Turns => int.Parse(\"9\");  (without it: symptom-removed)",
                    "hunk:   not alone    Agent/Texts.cs:1  + internal static class Texts  (without it: it does not build: "
                        + "Agent.cs(22,45): error CS0103: The name 'Texts' does not exist in the current context)",
                }
            )
        );
        Assert.That(
            Component.Run("git", "-C", folder.Path, "status", "--porcelain").Output.Replace("?? incident/\n", "", StringComparison.Ordinal),
            Is.EqualTo(before),
            "the user's own tree and index stay as they are"
        );
        Assert.That(Component.Run("git", "-C", folder.Path, "worktree", "list").Output.Trim().Split('\n'), Has.Length.EqualTo(1));
        var evidence = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "incident", "evidence.json")))!;
        Assert.That(
            ((string?)evidence["broken"]!["ref"], (string?)evidence["broken"]!["verdict"], (string?)evidence["fixed"]!["verdict"]),
            Is.EqualTo(
                (Component.Run("git", "-C", folder.Path, "rev-parse", "--short=12", "HEAD").Output.Trim(), "reproduced", "symptom-removed")
            )
        );
        Assert.That(
            evidence["hunks"]!.AsArray().Select(h => (string?)h!["result"]),
            Is.EqualTo(new[] { "noticed", "not-noticed", "not-alone", "no-code" })
        );
        Assert.That(
            File.ReadAllText(Path.Combine(folder.Path, "incident", "evidence.md")),
            Does.Contain("| `Agent/Agent.cs:22` | `- finally { }` | reproduced | noticed |\n")
                .And.Contain("\n1 more change nothing that the agent's code does.\n")
        );
    }

    // The agent as it failed stays what it was at its commit, however the one of today changes; that one is watched.
    [Test]
    public async Task Evidence_against_a_commit_is_current_until_the_fix_changes()
    {
        using var folder = new TempFolder();
        AgentHistory.Write(folder.Path, "// builds");
        folder.Write(
            "replays/drive-timeout/expected.json",
            $$"""{ "fixture": {{System.Text.Json.JsonSerializer.Serialize(Data.Fixture)}}, "agents": [] }"""
        );
        Assert.That(
            (
                await Tool.RunInAsync(
                    folder.Path,
                    "verify",
                    Data.Fixture,
                    "--fixed",
                    "Agent",
                    "--broken-ref",
                    "HEAD~1",
                    "--out",
                    "replays/drive-timeout",
                    "--hypothesis",
                    "captured@tool"
                )
            ).ExitCode,
            Is.EqualTo(1)
        );
        Assert.That(await StateAsync(), Is.EqualTo("symptom removed"));
        var agent = Path.Combine(folder.Path, "Agent", "Agent.cs");
        File.WriteAllText(agent, File.ReadAllText(agent).Replace("return e.Message", "return e.Message + \"!\"", StringComparison.Ordinal));
        Assert.That(Component.Run("dotnet", "build", Path.Combine(folder.Path, "Agent"), "-c", "Release").ExitCode, Is.Zero);
        Assert.That(await StateAsync(), Is.EqualTo("stale"));

        async Task<string?> StateAsync() =>
            (string?)
                JsonNode.Parse(
                    (
                        await Tool.RunInAsync(
                            folder.Path,
                            "incidents",
                            "replays",
                            "--assembly",
                            Path.Combine("Agent", "bin", "Release", "net10.0", "Agent.dll"),
                            "--json"
                        )
                    ).Output
                )!["incidents"]![0]!["state"];
    }

    [TestCase("expected one of --broken and --broken-ref")]
    [TestCase("expected one of --broken and --broken-ref", "--broken", "a.dll", "--broken-ref", "HEAD")]
    [TestCase("--broken-ref: needs the project that it builds; expected --fixed PROJECT[:TYPE]", "--broken-ref", "HEAD")]
    [TestCase(
        "--broken-ref: needs the project that it builds; expected --fixed PROJECT[:TYPE]",
        "--broken-ref",
        "HEAD",
        "--fixed",
        "a.dll"
    )]
    [TestCase("--mutate: needs the commit before the fix; expected --broken-ref COMMIT", "--broken", "a.dll", "--mutate")]
    public async Task What_does_not_go_together(string message, params string[] options)
    {
        var result = await Tool.RunAsync(["verify", Data.Fixture, "--out", "incident", .. options]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(message));
    }

    [Test]
    public async Task No_such_commit()
    {
        using var folder = new TempFolder();
        AgentHistory.Write(folder.Path, "// builds");
        var result = await Tool.RunInAsync(
            folder.Path,
            "verify",
            Data.Fixture,
            "--fixed",
            "Agent",
            "--broken-ref",
            "nowhere",
            "--out",
            "incident"
        );
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Errors, Does.Contain("nowhere").And.Not.Contain("   at "));
    }
}
