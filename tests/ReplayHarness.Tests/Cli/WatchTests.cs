using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ReplayHarness.Fixtures;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Cli;

/// <summary>A source that is watched: what is new is captured once, whatever happens between.</summary>
public sealed class WatchTests
{
    private static readonly (string Type, string Message) s_timeout = ("System.TimeoutException", "timed out");

    [Test]
    public async Task A_new_shape_becomes_a_fixture_and_a_note_and_the_next_pass_makes_nothing()
    {
        using var folder = new TempFolder();
        Write(folder, "in/a.jsonl", Failed(1, "1.0"), Failed(2, "1.1"), Healthy(3));
        folder.Write("in/bad.jsonl", "no trace");
        var first = await WatchAsync(folder);
        Assert.That(first.ExitCode, Is.Zero, first.Errors);
        Assert.That(first.Output, Does.StartWith("new shape ").And.EndWith("\n2 failed run(s) counted, 1 new shape(s), 1 known\n"));
        Assert.That(first.Errors, Does.StartWith("replay-harness: in/bad.jsonl: of no known container"));
        var fixture = FixtureFolder.Load(ShapesOf(folder).Single());
        Assert.That(Path.GetFileName(fixture.Path), Is.EqualTo($"shape-{fixture.Fingerprint}"));
        var note = await File.ReadAllTextAsync(Path.Combine(fixture.Path, "note.md"));
        Assert.That(
            note,
            Does.StartWith($"# Failure shape {fixture.Fingerprint}\n\n- ")
                .And.Contain("\nSeen 2 times, first 2026-09-21T14:13:21.0000000Z, last 2026-09-21T14:13:22.0000000Z, in `in`.")
                .And.Contain("\n| `1.0` | 1 | 2026-09-21T14:13:21.0000000Z |\n| `1.1` | 1 | 2026-09-21T14:13:22.0000000Z |\n")
                .And.Contain($"\nreplay-harness run out/shape-{fixture.Fingerprint} --agent DLL[:TYPE]\n")
        );
        var second = await WatchAsync(folder);
        Assert.That(
            (second.ExitCode, second.Output, second.Errors),
            Is.EqualTo((0, "0 failed run(s) counted, 0 new shape(s), 1 known\n", ""))
        );
    }

    // The file is read again, for it has grown.
    [Test]
    public async Task What_a_file_held_before_it_grew_is_not_counted_again()
    {
        using var folder = new TempFolder();
        Write(folder, "in/a.jsonl", Failed(1));
        await WatchAsync(folder);
        Write(folder, "in/a.jsonl", Failed(1), Failed(2));
        var grown = await WatchAsync(folder);
        Assert.That(grown.Output, Is.EqualTo("1 failed run(s) counted, 0 new shape(s), 1 known\n"));
        Assert.That((long)State(folder)["shapes"]!.AsObject().Single().Value!["runs"]!, Is.EqualTo(2));
    }

    [Test]
    public async Task A_flood_of_one_shape_makes_one_fixture()
    {
        using var folder = new TempFolder();
        Write(folder, "in/a.jsonl", [.. Enumerable.Range(1, 10_000).Select(i => Failed(i))]);
        var flood = await WatchAsync(folder);
        Assert.That(flood.Output, Does.EndWith("\n10000 failed run(s) counted, 1 new shape(s), 1 known\n"));
        Assert.That(ShapesOf(folder), Has.Length.EqualTo(1));
    }

    // Between the fixture and the state: the folder is there, and nothing knows of it.
    [Test]
    public async Task A_fixture_that_is_there_is_taken_as_captured()
    {
        using var folder = new TempFolder();
        Write(folder, "in/a.jsonl", Failed(1));
        await WatchAsync(folder);
        var file = Path.Combine(ShapesOf(folder).Single(), "fixture.json");
        var written = File.GetLastWriteTimeUtc(file);
        File.Delete(Path.Combine(folder.Path, "out", "watch.json"));
        Write(folder, "in/a.jsonl", Failed(2));
        Assert.That((await WatchAsync(folder)).Output, Does.EndWith("1 failed run(s) counted, 1 new shape(s), 1 known\n"));
        Assert.That(File.GetLastWriteTimeUtc(file), Is.EqualTo(written));
        Assert.That(ShapesOf(folder), Has.Length.EqualTo(1));
    }

    [TestCase(250)]
    [TestCase(500)]
    [TestCase(800)]
    public async Task Killed_anywhere_no_shape_is_lost_or_captured_twice(int milliseconds)
    {
        using var folder = new TempFolder();
        string[] tools = ["read", "write", "send", "find", "move", "copy"];
        Write(folder, "in/a.jsonl", [.. Enumerable.Range(1, 60).Select(i => Failed(i, tool: tools[i % tools.Length]))]);
        using (var killed = Tool.Start(["watch", "in", "--out", "out", "--once"], folder.Path))
        {
            await Task.Delay(milliseconds);
            killed.Kill();
            await Tool.EndAsync(killed);
        }
        var next = await WatchAsync(folder);
        Assert.That(next.ExitCode, Is.Zero, next.Errors);
        var shapes = State(folder)["shapes"]!.AsObject();
        Assert.That(shapes.Select(s => (long)s.Value!["runs"]!), Is.EqualTo(Enumerable.Repeat(10L, tools.Length)));
        Assert.That(
            ShapesOf(folder).Select(s => FixtureFolder.Load(s).Fingerprint),
            Is.EquivalentTo(shapes.Select(s => s.Key)).And.Exactly(tools.Length).Items
        );
        Assert.That(Directory.GetFiles(Path.Combine(folder.Path, "out")).Select(Path.GetFileName), Is.EqualTo(new[] { "watch.json" }));
    }

    [Test]
    public async Task A_webhook_gets_signed_events_and_what_it_does_not_take_is_kept()
    {
        using var folder = new TempFolder();
        var status = 400;
        using var hook = new Endpoint(asked => new("", status));
        Write(folder, "in/a.jsonl", Failed(1, "1.0"));
        var refused = await HookedAsync(folder, hook);
        Assert.That(refused.ExitCode, Is.Zero);
        Assert.That(refused.Errors, Does.Contain("1 event(s) not delivered: answered 400; they are kept"));
        Assert.That(hook.Requests, Has.Count.EqualTo(1), "what is refused for good is not tried at once again");
        // Busy once, and then not.
        var busy = 1;
        using var second = new Endpoint(asked => new("", Interlocked.Decrement(ref busy) == 0 ? 503 : 204));
        Write(folder, "in/b.jsonl", Failed(2, "1.1"));
        var taken = await HookedAsync(folder, second);
        Assert.That((taken.ExitCode, taken.Errors), Is.EqualTo((0, "")));
        Assert.That(
            second.Requests.Select(r => (string)JsonNode.Parse(r.Body)!["kind"]!),
            Is.EqualTo(new[] { "new-shape", "new-shape", "later-release" })
        );
        foreach (var request in second.Requests)
            Assert.That(
                request.Headers["X-ReplayHarness-Signature"],
                Is.EqualTo($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("key"u8, Encoding.UTF8.GetBytes(request.Body)))}")
            );
        Assert.That((string)JsonNode.Parse(second.Requests[^1].Body)!["release"]!, Is.EqualTo("1.1"));
        Assert.That(State(folder)["pending"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Tests_are_written_where_a_project_is_named()
    {
        using var folder = new TempFolder();
        Write(folder, "in/a.jsonl", Failed(1));
        var result = await WatchAsync(folder, "--agent", "Agent.Replays");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        var fixture = Directory.GetDirectories(Path.Combine(folder.Path, "Agent.Replays", "fixtures")).Single();
        var name = Path.GetFileName(fixture);
        Assert.That(name, Is.EqualTo($"shape-{FixtureFolder.Load(fixture).Fingerprint}"));
        Assert.That(File.Exists(Path.Combine(folder.Path, "Agent.Replays", name, "expected.json")));
        Assert.That(Directory.GetFileSystemEntries(ShapesOf(folder).Single()).Select(Path.GetFileName), Is.EqualTo(new[] { "note.md" }));
    }

    [Test]
    public async Task A_trace_that_may_go_on_waits_and_a_signal_ends_the_passes()
    {
        using var folder = new TempFolder();
        var soon = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds - 10;
        Write(folder, "in/a.jsonl", Failed(1, epoch: soon));
        Assert.That(
            (await WatchAsync(folder)).Output,
            Is.EqualTo("0 failed run(s) counted, 0 new shape(s), 0 known; 1 trace(s) may not be whole yet\n")
        );
        using var watching = Tool.Start(["watch", "in", "--out", "out", "--every", "1", "--settle", "1"], folder.Path);
        Assert.That(await watching.StandardOutput.ReadLineAsync(), Does.StartWith("new shape "));
        Tool.Signal(watching, "TERM");
        var ended = await Tool.EndAsync(watching);
        Assert.That(
            (ended.ExitCode, ended.Errors),
            Is.EqualTo((0, "replay-harness: stopped; what was captured is written, and the next start goes on from there\n"))
        );
        Assert.That(ShapesOf(folder), Has.Length.EqualTo(1));
    }

    private static Task<ToolResult> WatchAsync(TempFolder folder, params string[] more) =>
        Tool.RunInAsync(folder.Path, ["watch", "in", "--out", "out", "--once", .. more]);

    private static async Task<ToolResult> HookedAsync(TempFolder folder, Endpoint hook)
    {
        using var process = Tool.Start(
            ["watch", "in", "--out", "out", "--once", "--webhook", hook.Url + "/hook"],
            folder.Path,
            [("REPLAYHARNESS_WEBHOOK_KEY", "key")]
        );
        return await Tool.EndAsync(process);
    }

    private static string[] ShapesOf(TempFolder folder) => Directory.GetDirectories(Path.Combine(folder.Path, "out"));

    private static JsonNode State(TempFolder folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "out", "watch.json")))!;

    private static Trace Failed(int number, string? release = null, string tool = "read", double epoch = 1_790_000_000) =>
        Numbered(
            number,
            new RunBuilder(epoch + number) { Release = release, RootError = s_timeout }
                .Model(0, 1)
                .Tool(tool, 1, 2, s_timeout)
                .Build()
        );

    private static Trace Healthy(int number) => Numbered(number, new RunBuilder(1_790_000_000 + number).Model(0, 1).Build());

    private static Trace Numbered(int number, Trace trace)
    {
        var id = number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
        return new(id, trace.Spans.Select(s => s with { TraceId = id }));
    }

    private static void Write(TempFolder folder, string name, params Trace[] traces)
    {
        using var stream = File.Create(folder.Write(name, ""));
        OtlpJson.Write(stream, traces);
    }
}
