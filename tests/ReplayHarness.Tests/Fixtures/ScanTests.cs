using System.Text.Json.Nodes;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>What is redacted at capture, what is kept when asked, and how CI finds what should not be there.</summary>
public sealed class ScanTests
{
    private const string Key = "sk-" + "proj-abcdefghij0123456789ABCDEFGHIJ",
        Address = "margarete.oberhuber@corp-mail.com",
        Ticket = "TCK-20419";

    [Test]
    public async Task A_captured_fixture_holds_no_secret_and_says_what_was_replaced_where()
    {
        using var folder = new TempFolder();
        var (fixture, captured) = await CaptureAsync(folder);
        Assert.That(captured.Output, Does.Contain("redacted: 1 api-key in ").And.Contain("redacted: 1 email in "));
        foreach (var file in Directory.GetFiles(fixture))
            Assert.That(await File.ReadAllTextAsync(file), Does.Not.Contain(Key).And.Not.Contain(Address), file);
        var redaction = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(fixture, "fixture.json")))!["redactions"]!
            .AsArray()
            .Single(r => (string?)r!["kind"] == "email")!;
        Assert.That(
            redaction["places"]!.AsArray().Select(p => (string?)p),
            Does.Contain("gen_ai.input.messages.content").Or.Some.Contain("gen_ai.input.messages")
        );
        var scanned = await Tool.RunAsync("scan", fixture);
        Assert.That(
            (scanned.ExitCode, scanned.Output),
            Is.EqualTo((0, "nothing looks like a secret or like personal data\n")),
            scanned.Errors
        );
    }

    [Test]
    public async Task A_pipe_among_the_files_is_passed_by()
    {
        using var folder = new TempFolder();
        folder.Write("notes.txt", "a note");
        if (Component.OnPath("mkfifo") is null)
            Assert.Ignore("this system has no named pipes");
        Component.Run("mkfifo", Path.Combine(folder.Path, "pipe"));
        var scanned = await Tool.RunAsync("scan", folder.Path);
        Assert.That(scanned.ExitCode, Is.Zero, scanned.Errors);
    }

    [Test]
    public async Task What_is_planted_in_a_fixture_fails_the_scan()
    {
        using var folder = new TempFolder();
        var (fixture, _) = await CaptureAsync(folder);
        Directory.CreateDirectory(Path.Combine(fixture, "http"));
        await File.WriteAllTextAsync(
            Path.Combine(fixture, "http", "services.json"),
            $"{{\n  \"provenance\": \"x\",\n  \"responses\": [], \"key\": \"{Key}\"\n}}\n"
        );
        var scanned = await Tool.RunAsync("scan", fixture);
        Assert.That(scanned.ExitCode, Is.EqualTo(1));
        Assert.That(scanned.Output, Is.EqualTo($"{Path.Combine(fixture, "http", "services.json")}:3:28: api-key: sk-…\n"));
        Assert.That(
            scanned.Errors,
            Does.StartWith("replay-harness: 1 place(s) look like secrets or personal data; ").And.Contain($"rerun: ").And.Not.Contain(Key)
        );
        Assert.That((await Tool.RunAsync("scan", fixture, "--keep", "api-key")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_kind_may_be_kept_and_a_pattern_added()
    {
        using var folder = new TempFolder();
        var (fixture, captured) = await CaptureAsync(folder, "--keep", "email", "--redact", @"TCK-(?<secret>\d+)");
        Assert.That(captured.Output, Does.Contain("redacted: 1 custom in ").And.Not.Contain("email"));
        var text = await File.ReadAllTextAsync(Path.Combine(fixture, "fixture.json"));
        Assert.That(text, Does.Contain(Address).And.Match(@"TCK-\d{5}").And.Not.Contain(Ticket));
    }

    [TestCase("--keep", "emails", "--keep emails: expected one of private-key, jwt,")]
    [TestCase("--redact", "(", "--redact (: is no regular expression")]
    public async Task Wrong_options(string option, string value, string message)
    {
        var result = await Tool.RunAsync("capture", "x", "--trace", "1", "--out", "y", option, value);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(message));
    }

    [Test]
    public async Task The_repositorys_own_fixtures_pass()
    {
        var result = await Tool.RunAsync("scan", Path.Combine(Repo.Root, "fixtures"), "--keep", "email");
        Assert.That(result.ExitCode, Is.Zero, result.Output);
    }

    private static async Task<(string Fixture, ToolResult Captured)> CaptureAsync(TempFolder folder, params string[] options)
    {
        var input = System.Text.Json.JsonSerializer.Serialize(
            new[] { new { role = "user", parts = new[] { new { type = "text", content = $"go, key {Key}, {Ticket}, for {Address}" } } } }
        );
        var source = new RunBuilder { RootError = ("KeyError", $"no mail to {Address}") }
            .Model(0, 1, input: input, output: Authored.Asks("read", "a"))
            .Tool("read", 1, 1, arguments: Authored.About("a"))
            .Build();
        var file = Path.Combine(folder.Path, "traces.jsonl");
        await using (var stream = File.Create(file))
            ReplayHarness.Traces.OtlpJson.Write(stream, [source]);
        var fixture = Path.Combine(folder.Path, "incident");
        var captured = await Tool.RunAsync(["capture", file, "--trace", source.TraceId, "--out", fixture, .. options]);
        Assert.That(captured.ExitCode, Is.Zero, captured.Errors);
        return (fixture, captured);
    }
}
