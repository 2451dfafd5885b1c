using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures;
using ReplayHarness.Tests.Support;
using ReplayHarness.Tests.Support.Containers;
using ReplayHarness.Traces;
using Trace = ReplayHarness.Traces.Trace;

namespace ReplayHarness.Tests.Cli;

/// <summary>A source that is watched: what is new is captured once, whatever happens between.</summary>
public sealed class WatchTests
{
    private static readonly (string Type, string Message) s_timeout = ("System.TimeoutException", "timed out");

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

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
        // It is read again, and what was told of it is not told again.
        File.SetLastWriteTimeUtc(Path.Combine(folder.Path, "in", "bad.jsonl"), DateTime.UtcNow.AddHours(-1));
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
        string[] watch = ["watch", "in/*.jsonl", "--out", "out", "--once", "--json"];
        Write(folder, "in/a.jsonl", Failed(1));
        Write(folder, "in/a.txt", Failed(3));
        var first = JsonNode.Parse((await Tool.RunInAsync(folder.Path, watch)).Output)!;
        var created = first["events"]!.AsArray().Single()!;
        Write(folder, "in/a.jsonl", Failed(1), Failed(2));
        var grown = JsonNode.Parse((await Tool.RunInAsync(folder.Path, watch)).Output)!;
        Assert.That(((long)grown["failures"]!, grown["events"]!.AsArray().Count, (int)grown["waiting"]!), Is.EqualTo((1, 0, 0)));
        var shape = grown["shapes"]!.AsArray().Single()!;
        Assert.That(((string?)shape["kind"], (long)shape["runs"]!), Is.EqualTo(("known", 2)));
        Assert.That(
            ((string?)created["kind"], (string?)created["shape"], (string?)created["fixture"]),
            Is.EqualTo(("new-shape", (string?)shape["shape"], $"out/shape-{(string?)shape["shape"]}"))
        );
    }

    // Another process has the file to itself for a while: it is the same file after that.
    [Test]
    public async Task A_file_that_cannot_be_read_now_is_read_by_a_later_pass()
    {
        using var folder = new TempFolder();
        Write(folder, "in/a.jsonl", Failed(1));
        using (new FileStream(Path.Combine(folder.Path, "in", "a.jsonl"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var held = await WatchAsync(folder);
            Assert.That((held.ExitCode, held.Output), Is.EqualTo((0, "0 failed run(s) counted, 0 new shape(s), 0 known\n")));
            Assert.That(held.Errors, Does.StartWith("replay-harness: in/a.jsonl: "));
        }
        Assert.That((await WatchAsync(folder)).Output, Does.EndWith("\n1 failed run(s) counted, 1 new shape(s), 1 known\n"));
    }

    // It is asked for what came since, and for an hour before; one clock that is years ahead hides nothing.
    [Test]
    public async Task A_store_is_asked_for_what_is_new()
    {
        using var folder = new TempFolder();
        var traces = Writers.Jaeger([Failed(1), Failed(2, epoch: 1_990_000_000)]);
        using var jaeger = new Endpoint(asked => new(asked.Path == "/api/services" ? """{"data":["agent"]}""" : traces));
        string[] watch = ["watch", $"jaeger:{jaeger.Url}", "--out", "out", "--once"];
        var first = await Tool.RunInAsync(folder.Path, watch);
        Assert.That(first.Output, Does.EndWith("\n2 failed run(s) counted, 1 new shape(s), 1 known\n"), first.Errors);
        Assert.That((await Tool.RunInAsync(folder.Path, watch)).Output, Is.EqualTo("0 failed run(s) counted, 0 new shape(s), 1 known\n"));
        var asked = jaeger.Requests.Where(r => r.Path == "/api/traces").Select(r => long.Parse(r.Query["start"]!) / 1_000_000).ToArray();
        Assert.That(asked[0], Is.Zero);
        Assert.That(DateTimeOffset.FromUnixTimeSeconds(asked[1]), Is.EqualTo(DateTimeOffset.UtcNow.AddHours(-1)).Within(3).Minutes);
    }

    [Test]
    public async Task What_it_receives_itself_is_watched()
    {
        using var folder = new TempFolder();
        using var watching = Tool.Start(["watch", "listen:0", "--out", "out", "--every", "1", "--settle", "0"], folder.Path);
        var url = Regex
            .Match((await watching.StandardError.ReadLineAsync().WaitAsync(s_patience))!, "listening on (http[^ ]+) ")
            .Groups[1]
            .Value;
        using var client = new HttpClient();
        using var body = new MemoryStream();
        OtlpJson.Write(body, [Failed(1)]);
        using var content = new ByteArrayContent(body.ToArray()) { Headers = { ContentType = new("application/json") } };
        Assert.That((await client.PostAsync($"{url}/v1/traces", content)).IsSuccessStatusCode, Is.True);
        var line = await watching.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
        Tool.Signal(watching, "TERM");
        Assert.That((await Tool.EndAsync(watching)).ExitCode, Is.Zero);
        Assert.That(line, Does.Match("^new shape [0-9a-f]+  1 failed run"));
        Assert.That(Directory.GetDirectories(Path.Combine(folder.Path, "out"), "shape-*"), Has.Length.EqualTo(1));
        // What is received holds what a fixture would not.
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder.Path, "out", "received", ".gitignore")), Is.EqualTo("*\n"));
    }

    [TestCase("listen:x", "listen:x: expected a port of 0 to 65535 after the colon", 3)]
    [TestCase("listen:4318 --once", "--once: who receives waits for what comes", 2)]
    public async Task Who_receives_says_what_it_needs(string command, string message, int code)
    {
        using var folder = new TempFolder();
        var result = await Tool.RunInAsync(folder.Path, ["watch", "--out", "out", .. command.Split(' ')]);
        Assert.That(result.ExitCode, Is.EqualTo(code));
        Assert.That(result.Errors, Does.StartWith($"replay-harness: {message}"));
    }

    [Test]
    public async Task A_flood_of_one_shape_makes_one_fixture()
    {
        using var folder = new TempFolder();
        Write(folder, "in/a.jsonl", [.. Enumerable.Range(1, 2_000).Select(i => Failed(i))]);
        var flood = await WatchAsync(folder);
        Assert.That(flood.Output, Does.EndWith("\n2000 failed run(s) counted, 1 new shape(s), 1 known\n"));
        Assert.That(ShapesOf(folder), Has.Length.EqualTo(1));
    }

    // Tools have any name that a model makes up, of any length.
    [Test]
    public async Task A_flood_of_shapes_makes_as_many_fixtures_as_are_allowed()
    {
        using var folder = new TempFolder();
        string[] tools = ["read", new string('x', 100_000), "a", "b", "c"];
        Write(folder, "in/a.jsonl", [.. tools.Select((tool, i) => Failed(i + 1, tool: tool))]);
        var flood = await WatchAsync(folder, "--most", "2");
        Assert.That(flood.Output, Does.EndWith("\n5 failed run(s) counted, 5 new shape(s), 5 known\n").And.Length.LessThan(4_000));
        Assert.That(
            flood.Errors,
            Is.EqualTo("replay-harness: 2 shapes have a fixture, the most that --most allows; others are counted only\n")
        );
        Assert.That(ShapesOf(folder).Select(s => File.Exists(Path.Combine(s, "fixture.json"))), Is.EqualTo(new[] { true, true }));
        Assert.That((await WatchAsync(folder, "--most", "2")).Errors, Is.Empty);
    }

    [TestCase("", "The input does not contain any JSON tokens")]
    [TestCase("""{"version":1,"source":"in","sha""", "Expected end of string, but instead reached end of data")]
    [TestCase("""{"version":1,"source":"in","shapes":null}""", "The property or field 'shapes' on type")]
    [TestCase("""{"version":1,"source":"in","pending":[null]}""", "it holds null for a shape or an event")]
    [TestCase("""{"version":1,"source":"other"}""", "is the state of watching other, not in")]
    public async Task A_state_that_is_none_is_one_message(string state, string message)
    {
        using var folder = new TempFolder();
        Write(folder, "in/a.jsonl", Failed(1));
        folder.Write("out/watch.json", state);
        var result = await WatchAsync(folder);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(result.Errors, Does.StartWith("replay-harness: out/watch.json: is ").And.Contain(message));
        Assert.That(result.Errors.TrimEnd('\n'), Does.Not.Contain("\n"));
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

    // The same with 50 moments is tests/ReplayHarness.Benchmarks/watch-kill.sh. Each moment brings a shape, and a release to the others.
    [Test]
    public async Task Killed_at_any_moment_nothing_is_lost_and_nothing_comes_twice()
    {
        const int Moments = 5;
        using var folder = new TempFolder();
        Process? asking = null;
        using var hook = new Endpoint(_ =>
        {
            Interlocked.Exchange(ref asking, null)?.Kill();
            return new("", 204);
        });
        var random = new Random(1);
        var took = TimeSpan.FromSeconds(1);
        Dictionary<string, string> before = [];
        for (var moment = 1; moment <= Moments; moment++)
        {
            Write(
                folder,
                $"in/{moment}.jsonl",
                [.. Enumerable.Range(1, moment).Select(tool => Failed((moment * 100) + tool, $"1.{moment}", $"tool{tool}"))]
            );
            using (var killed = Watching(folder, hook))
            {
                var reading = Tool.EndAsync(killed);
                // While its first event is on its way, or at any other moment.
                asking = moment % 2 == 0 ? killed : null;
                await Task.WhenAny(reading, Task.Delay(asking is null ? took * random.NextDouble() : s_patience));
                killed.Kill();
                await reading;
            }
            var clock = Stopwatch.StartNew();
            using (var whole = Watching(folder, hook))
                Assert.That((await Tool.EndAsync(whole)).ExitCode, Is.Zero);
            took = clock.Elapsed;
            var after = Written(folder);
            Assert.That(before, Is.SubsetOf(after), "no fixture or test is lost, or written again");
            before = after;
        }
        var shapes = State(folder)["shapes"]!.AsObject();
        Assert.That(shapes.Select(s => (long)s.Value!["runs"]!), Is.EquivalentTo(new[] { 1, 2, 3, 4, 5 }));
        foreach (var shape in shapes)
            Assert.That(before.Keys.Count(f => f.Contains(shape.Key, StringComparison.Ordinal)), Is.EqualTo(3), "a fixture, and a test");
        Assert.That(before, Has.Count.EqualTo(3 * Moments));
        string[] expected =
        [
            .. shapes.Select(s => $"new-shape:{s.Key}"),
            .. shapes.SelectMany(s => s.Value!["releases"]!.AsObject().Skip(1).Select(r => $"later-release:{s.Key}:{r.Key}")),
        ];
        Assert.That(hook.Requests.Select(r => r.Body).Distinct().Select(b => (string?)JsonNode.Parse(b)!["id"]), Is.EquivalentTo(expected));
        Assert.That(State(folder)["pending"]!.AsArray(), Is.Empty);
        var left = Directory.GetFiles(Path.Combine(folder.Path, "out"), "*", SearchOption.AllDirectories).Select(Path.GetFileName);
        Assert.That(left.Distinct(), Is.EquivalentTo(new[] { "watch.json", "note.md" }), "drafts are gone");
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
        // The clock of the machine that wrote it was ahead.
        File.SetLastWriteTimeUtc(Path.Combine(folder.Path, "in", "a.jsonl"), DateTime.UtcNow.AddMinutes(-2));
        Assert.That(
            (await WatchAsync(folder)).Output,
            Is.EqualTo("0 failed run(s) counted, 0 new shape(s), 0 known; 1 trace(s) may not be whole yet\n")
        );
        using var watching = Tool.Start(["watch", "in", "--out", "out", "--every", "1", "--settle", "1"], folder.Path);
        Assert.That(await watching.StandardOutput.ReadLineAsync().WaitAsync(s_patience), Does.StartWith("new shape "));
        var second = await WatchAsync(folder);
        Assert.That(
            (second.ExitCode, second.Errors),
            Is.EqualTo((3, "replay-harness: out/watch.json: another process watches with this state; end it, or name another --state\n"))
        );
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

    private static Process Watching(TempFolder folder, Endpoint hook) =>
        Tool.Start(
            ["watch", "in", "--out", "out", "--once", "--agent", "Replays", "--webhook", hook.Url + "/hook"],
            folder.Path,
            [("REPLAYHARNESS_WEBHOOK_KEY", "key")]
        );

    // What is written once only.
    private static Dictionary<string, string> Written(TempFolder folder) =>
        Directory
            .GetFiles(Path.Combine(folder.Path, "Replays"), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is "fixture.json" or "expected.json" or "Deployed.cs")
            .ToDictionary(f => f, f => $"{File.GetLastWriteTimeUtc(f).Ticks} {File.ReadAllText(f)}");

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
