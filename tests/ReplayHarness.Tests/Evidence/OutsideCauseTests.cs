using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Evidence;

/// <summary>A backend was down: the agent can survive that, and only a person closes the incident.</summary>
public sealed class OutsideCauseTests
{
    private const string Incident = "support-search-down";

    [Test]
    public async Task An_outside_cause_is_closed_by_a_named_decision()
    {
        using var folder = new TempFolder();
        var replays = Copied(folder);
        var verified = await Tool.RunAsync(
            "verify",
            Path.Combine(folder.Path, "fixtures", Incident),
            "--broken",
            $"{Repo.Replays}:Replays.Support.Deployed",
            "--fixed",
            $"{Repo.Replays}:Replays.Support.Tolerant",
            "--out",
            Path.Combine(replays, Incident)
        );
        Assert.That(verified.ExitCode, Is.EqualTo(1), verified.Output + verified.Errors);
        Assert.That(verified.Output, Does.Contain("\nfixed:  survives: The run survives in every schedule"));

        Assert.That((await AskAsync("gate", replays)).Errors, Does.StartWith($"replay-harness: {Incident} is refused: survives: "));
        Assert.That((await AskAsync("close", replays, Incident)).ExitCode, Is.EqualTo(1));

        var closed = await AskAsync("close", replays, Incident, "--outside", "the search has a second site now");
        Assert.That(closed.ExitCode, Is.Zero, closed.Errors);
        var gate = await AskAsync("gate", replays);
        Assert.That((gate.ExitCode, gate.Errors), Is.EqualTo((0, "")));
        Assert.That(gate.Output, Does.Match($"{Incident} +outside .*closed by decision: the search has a second site now"));
        Assert.That(
            await File.ReadAllTextAsync(Path.Combine(replays, Incident, "evidence.md")),
            Does.Contain("Closed by decision: the search has a second site now")
        );
    }

    [Test]
    public async Task Nothing_else_is_closed_so()
    {
        using var folder = new TempFolder();
        var refused = await AskAsync("close", Copied(folder), Incident, "--outside", "it went away");
        Assert.That(refused.ExitCode, Is.EqualTo(3));
        Assert.That(refused.Errors, Does.Contain($"{Incident} is open: no evidence yet; only an incident that its agent survives"));
    }

    private static Task<ToolResult> AskAsync(string command, string replays, params string[] more) =>
        Tool.RunAsync([command, replays, .. more, "--assembly", Repo.Replays]);

    private static string Copied(TempFolder folder)
    {
        var fixture = Directory.CreateDirectory(Path.Combine(folder.Path, "fixtures", Incident)).FullName;
        foreach (var file in (string[])["fixture.json", "traces.otlp.jsonl"])
            File.Copy(Path.Combine(Data.Root, "fixtures", Incident, file), Path.Combine(fixture, file));
        var replays = Path.Combine(folder.Path, "replays");
        Directory.CreateDirectory(Path.Combine(replays, Incident));
        File.Copy(Path.Combine(Repo.Root, "replays", Incident, "expected.json"), Path.Combine(replays, Incident, "expected.json"));
        return replays;
    }
}
