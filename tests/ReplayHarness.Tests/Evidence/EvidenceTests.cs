using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mono.Cecil;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Evidence;

/// <summary>From a fix to an incident that is closed: the evidence, where incidents stand by it, and what is refused.</summary>
public sealed partial class EvidenceTests
{
    private const string Incident = "drive-timeout";

    [Test]
    public async Task A_fix_that_holds_closes_the_incident()
    {
        using var folder = new TempFolder();
        var replays = Copied(folder);
        Assert.That((await GateAsync(replays)).Output, Does.Match($"{Incident} +open +no evidence yet"));
        var verified = await VerifyAsync(replays, "shipped", "both");
        Assert.That(verified.ExitCode, Is.Zero, verified.Output + verified.Errors);
        Assert.That(verified.Output, Does.StartWith("broken: reproduced: ").And.Contain("\nfixed:  removed: ").And.Contain("\nrerun: "));
        var gate = await GateAsync(replays);
        Assert.That((gate.ExitCode, gate.Errors), Is.EqualTo((0, "")));
        Assert.That(
            gate.Output,
            Is.EqualTo(
                "incident       state    verified  why\ndrive-timeout  removed  both      The run survives, and the cause is "
                    + "gone: the incident can be closed.\n"
            )
        );
        Assert.That((await Tool.RunAsync("close", replays, Incident, "--assembly", Repo.Replays)).ExitCode, Is.Zero);
        await Verify(Steady(await File.ReadAllTextAsync(Path.Combine(replays, Incident, "evidence.md"))));
    }

    [TestCase("survives", "symptom removed", "The run survives, but the cause remains")]
    [TestCase("isolated", "cause removed", "The cause is gone, but the run would still die of it")]
    [TestCase("shipped", "not removed", "The incident happens again")]
    public async Task A_fix_that_does_not_hold_is_refused(string mended, string state, string reason)
    {
        using var folder = new TempFolder();
        var replays = Copied(folder);
        Assert.That((await VerifyAsync(replays, "shipped", mended)).ExitCode, Is.EqualTo(1));
        var gate = await GateAsync(replays, "--markdown");
        Assert.That(gate.ExitCode, Is.EqualTo(1));
        Assert.That(
            gate.Output,
            Does.StartWith($"| incident | state | verified | why |\n|---|---|---|---|\n| {Incident} | {state} | {mended} | {reason}")
        );
        Assert.That(gate.Errors, Does.StartWith($"replay-harness: {Incident} is refused: {state}: {reason}").And.Contain("\nrerun: "));
        var close = await Tool.RunAsync("close", replays, Incident, "--assembly", Repo.Replays);
        Assert.That(close.ExitCode, Is.EqualTo(1));
        Assert.That(close.Errors, Does.StartWith($"replay-harness: {Incident} cannot be closed: {state}: {reason}"));
    }

    [Test]
    public async Task An_agent_that_does_not_fail_makes_no_evidence()
    {
        using var folder = new TempFolder();
        var replays = Copied(folder);
        var verified = await VerifyAsync(replays, "both", "both");
        Assert.That(verified.ExitCode, Is.EqualTo(1));
        Assert.That(verified.Output, Does.Contain("a fix of an agent that does not fail shows nothing"));
        Assert.That(
            (await GateAsync(replays)).Output,
            Does.Match($"{Incident} +not removed +both +the agent as it failed does not reproduce it")
        );
    }

    [Test]
    public async Task A_failure_without_a_fix_is_reproduced_and_no_obstacle()
    {
        using var folder = new TempFolder();
        var replays = Copied(folder);
        Assert.That((await VerifyAsync(replays, "shipped", null)).ExitCode, Is.Zero);
        var gate = await GateAsync(replays);
        Assert.That(gate.ExitCode, Is.Zero);
        Assert.That(gate.Output, Does.Match($"{Incident} +reproduced +shipped +it happens again; there is no fix"));
        Assert.That((await Tool.RunAsync("close", replays, Incident, "--assembly", Repo.Replays)).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task What_changed_since_makes_evidence_stale()
    {
        using var folder = new TempFolder();
        var replays = Copied(folder);
        Assert.That((await VerifyAsync(replays, "shipped", "both")).ExitCode, Is.Zero);
        var evidence = Path.Combine(replays, Incident, "evidence.json");
        var text = await File.ReadAllTextAsync(evidence);
        await File.WriteAllTextAsync(
            evidence,
            AgentHash().Replace(text, m => m.Value.Replace(m.Groups[1].Value, new string('0', 64), StringComparison.Ordinal))
        );
        Assert.That(await StateAsync(replays), Is.EqualTo("stale: the agent both changed since it was verified"));
        await File.WriteAllTextAsync(evidence, text.Replace("\"harness\": \"", "\"harness\": \"0.", StringComparison.Ordinal));
        Assert.That(await StateAsync(replays), Does.StartWith("stale: the harness was 0."));
        await File.WriteAllTextAsync(evidence, text);
        Assert.That(await StateAsync(replays), Does.StartWith("removed: "));
        // One driver, built before its fix and after: the earlier build stays as it was, and no assembly holds it any more.
        var earlier = text.Replace("\"driver\": \"shipped\"", "\"driver\": \"both\"", StringComparison.Ordinal);
        Assert.That(earlier, Is.Not.EqualTo(text));
        await File.WriteAllTextAsync(evidence, earlier);
        Assert.That(await StateAsync(replays), Does.StartWith("removed: "));
        await File.WriteAllTextAsync(evidence, text);
        var http = Path.Combine(folder.Path, "fixtures", Incident, "http", "drive.json");
        await File.WriteAllTextAsync(
            http,
            (await File.ReadAllTextAsync(http)).Replace("\"latencySeconds\": 0.38", "\"latencySeconds\": 0.39", StringComparison.Ordinal)
        );
        Assert.That(await StateAsync(replays), Is.EqualTo("stale: the fixture changed since it was verified"));
    }

    // The bytes of an assembly are other ones at every build; what its code does is not.
    [Test]
    public async Task An_agent_that_only_was_built_again_is_the_same_and_one_that_catches_or_calls_something_else_is_not()
    {
        using var folder = new TempFolder();
        var replays = Copied(folder);
        Assert.That((await VerifyAsync(replays, "shipped", "both")).ExitCode, Is.Zero);
        var built = Directory.CreateDirectory(Path.Combine(folder.Path, "built")).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Repo.Replays)!).Where(f => Path.GetExtension(f) is ".dll" or ".pdb"))
            File.Copy(file, Path.Combine(built, Path.GetFileName(file)));
        Assert.That(await AfterAsync(static _ => { }), Does.StartWith("removed: "));
        Assert.That(
            await AfterAsync(static m =>
                m.Types.SelectMany(Methods).SelectMany(x => x.Body.ExceptionHandlers).First(h => h.CatchType is not null).CatchType =
                    m.TypeSystem.Object
            ),
            Does.StartWith("stale: the agent both changed")
        );
        Assert.That(
            await AfterAsync(static m =>
                m.GetMemberReferences().OfType<MethodReference>().First(r => r.Name == "GetStringAsync").Name = "DeleteStringAsync"
            ),
            Does.StartWith("stale: the agent both changed")
        );

        async Task<string> AfterAsync(Action<ModuleDefinition> change)
        {
            var agent = Path.Combine(built, "MailPilot.dll");
            using (var module = ModuleDefinition.ReadModule(Path.Combine(Path.GetDirectoryName(Repo.Replays)!, "MailPilot.dll")))
            {
                module.Mvid = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
                change(module);
                module.Write(agent);
            }
            return await StateAsync(replays, Path.Combine(built, Path.GetFileName(Repo.Replays)));
        }

        static IEnumerable<MethodDefinition> Methods(TypeDefinition type) =>
            type.Methods.Where(m => m.HasBody).Concat(type.NestedTypes.SelectMany(Methods));
    }

    [Test]
    public async Task Mistakes_are_one_clear_error()
    {
        using var folder = new TempFolder();
        var replays = Copied(folder);
        await File.WriteAllTextAsync(Path.Combine(replays, Incident, "evidence.json"), "{ \"incident\": 7 }");
        Assert.That(
            (await GateAsync(replays)).Errors,
            Does.Contain("evidence.json:1:").And.Contain("no evidence; write it again with: replay-harness verify")
        );
        Assert.That((await Tool.RunAsync("close", replays, "other", "--assembly", Repo.Replays)).ExitCode, Is.EqualTo(3));
        Assert.That(
            (await Tool.RunAsync("gate", folder.Path, "--assembly", Repo.Replays)).Errors,
            Does.Contain("holds no incident; expected a folder with expected.json for each")
        );
    }

    private static string Copied(TempFolder folder)
    {
        var fixture = Directory.CreateDirectory(Path.Combine(folder.Path, "fixtures", Incident, "http")).Parent!.FullName;
        foreach (var file in (string[])["fixture.json", "traces.otlp.jsonl", Path.Combine("http", "drive.json")])
            File.Copy(Path.Combine(Data.Root, "fixtures", Incident, file), Path.Combine(fixture, file));
        var replays = Path.Combine(folder.Path, "replays");
        Directory.CreateDirectory(Path.Combine(replays, Incident));
        File.Copy(Path.Combine(Repo.Root, "replays", Incident, "expected.json"), Path.Combine(replays, Incident, "expected.json"));
        return replays;
    }

    private static Task<ToolResult> VerifyAsync(string replays, string broken, string? mended) =>
        Tool.RunAsync([
            "verify",
            Path.Combine(replays, "..", "fixtures", Incident),
            "--broken",
            $"{Repo.Replays}:{broken}",
            .. mended is null ? Array.Empty<string>() : ["--fixed", $"{Repo.Replays}:{mended}"],
            "--out",
            Path.Combine(replays, Incident),
        ]);

    private static Task<ToolResult> GateAsync(string replays, params string[] options) =>
        Tool.RunAsync(["gate", replays, "--assembly", Repo.Replays, .. options]);

    private static async Task<string> StateAsync(string replays, string? assembly = null)
    {
        var result = await Tool.RunAsync("incidents", replays, "--assembly", assembly ?? Repo.Replays, "--json");
        var one = JsonNode.Parse(result.Output)!["incidents"]![0]!;
        return $"{one["state"]}: {one["reason"]}";
    }

    // Hashes, paths and commits are each machine's and each build's own.
    private static string Steady(string text) => Commit().Replace(Hashes().Replace(Paths().Replace(text, "PATH/"), "`HASH`"), ".");

    [GeneratedRegex("\"agentHash\": \"([0-9a-f]{64})\"")]
    private static partial Regex AgentHash();

    [GeneratedRegex("`[0-9a-f]{12}`|`[0-9a-f]{16}`")]
    private static partial Regex Hashes();

    [GeneratedRegex(@"(?<= )/\S*/")]
    private static partial Regex Paths();

    [GeneratedRegex(@", commit `[^`]*`( of \S+)?\.")]
    private static partial Regex Commit();
}
