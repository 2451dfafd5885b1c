using System.Diagnostics;
using System.Globalization;
using System.Text;
using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Logs;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Evidence;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Fixtures.WireMock;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Stores;
using ReplayHarness.Tests.Support;
using ReplayHarness.Tests.Support.Containers;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>
/// Every file that is read, and every answer of a store, whatever it holds: it is read, or refused with one message that names it. Good
/// ones are changed at random, from a fixed seed. REPLAYHARNESS_FUZZ=N tries N inputs of each kind.
/// </summary>
public sealed class EveryFileFuzzTests
{
    private const int Seed = 20_261_127;
    private const int Few = 1_500;

    private static readonly string[] s_odd = ["", "null", "[]", "{}", "1", "\"x\"", "[null]", "\ufeff{}", "{\"a\":1,\"a\":2}", "\0"];

    private static readonly Dictionary<string, (Func<string> Sample, Action<TempFolder, byte[]> Read)> s_readers = new()
    {
        ["fixture.json"] = (() => File.ReadAllText(InFixture("fixture.json")), ReadFixture("fixture.json")),
        ["http"] = (() => File.ReadAllText(InFixture("http/services.json")), ReadFixture("http/services.json")),
        ["wiremock.json"] = (WireMock, (f, b) => WireMockFiles.Read(Written(f, b), new Uri("http://a"), static _ => { })),
        ["schedule.json"] = (Schedule, (f, b) => ScheduleFile.Load(Written(f, b))),
        ["expected.json"] = (Expected, (f, b) => Expectations.Load(Written(f, b))),
        ["evidence.json"] = (Evidence, ReadEvidence),
        ["replayed.json"] = (Replayed, (f, b) => ReplayEvidence.Read(Written(f, b))),
        ["metrics.json"] = (
            () => File.ReadAllText(Data.Path("incidents/three-runs/metrics.json")),
            (f, b) => MetricsJson.Read(Written(f, b))
        ),
        ["logs"] = (
            () => File.ReadAllText(Data.Path("incidents/three-runs/logs.jsonl")),
            (f, b) => LogFiles.Read(Written(f, b), static _ => { }).Count()
        ),
        ["rules.json"] = (Rules, (f, b) => RuleFile.Read(Written(f, b))),
        ["names"] = (static () => "Ada Lovelace\nGrace Hopper\n", (f, b) => NameFile.Read(Written(f, b))),
    };

    [Test]
    public void Every_file_is_read_or_refused([ValueSource(nameof(Readers))] string kind)
    {
        var (sample, read) = s_readers[kind];
        var good = Encoding.UTF8.GetBytes(sample());
        using var folder = new TempFolder();
        read(folder, good);
        foreach (var odd in s_odd)
            Survives(() => read(folder, Encoding.UTF8.GetBytes(odd)), $"{kind}: {odd}");
        var random = new Random(Seed);
        for (var i = 0; i < Count; i++)
        {
            var input = Mutation.Of(good, random);
            Survives(() => read(folder, input), $"input {i} of seed {Seed} of {kind}");
        }
    }

    // Jaeger and Tempo answer with traces of two forms; the others' answers are read by the readers of their containers.
    [TestCase("jaeger")]
    [TestCase("tempo")]
    public void Every_answer_of_a_store_is_read_or_refused(string kind)
    {
        var good = Encoding.UTF8.GetBytes(
            kind == "jaeger" ? Writers.Jaeger(Data.Load(Data.DriveTimeout)) : File.ReadAllText(Data.DriveTimeout).Split('\n')[0]
        );
        var (random, input) = (new Random(Seed), good);
        using var endpoint = new Endpoint(_ => new(Encoding.UTF8.GetString(input)));
        var store = TraceStore.Open($"{kind}:{endpoint.Url}", new StoreOptions { Clock = TimeProvider.System })!;
        for (var i = 0; i < Count / 5; i++)
        {
            Survives(() => store.Load(new TraceQuery { TraceId = Data.FirstAttempt }), $"answer {i} of seed {Seed} of {kind}");
            input = Mutation.Of(good, random);
        }
    }

    private static IEnumerable<string> Readers => s_readers.Keys;

    private static int Count =>
        Environment.GetEnvironmentVariable("REPLAYHARNESS_FUZZ") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : Few;

    private static void Survives(Action read, string name)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            read();
        }
        catch (BadInputException e)
        {
            Assert.That(e.Message, Does.Not.Contain("   at "), name);
        }
        catch (Exception e) when (e is not AssertionException)
        {
            Assert.Fail($"{name}: {e}");
        }
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), $"{name} hangs");
    }

    private static string InFixture(string file) => Path.Combine(Data.Root, "fixtures", "order-desk", file);

    private static string Written(TempFolder folder, byte[] bytes)
    {
        var path = Path.Combine(folder.Path, "file.json");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static Action<TempFolder, byte[]> ReadFixture(string changed) =>
        (folder, bytes) =>
        {
            foreach (var file in (string[])["fixture.json", "http/services.json", "traces.otlp.jsonl"])
            {
                var target = Path.Combine(folder.Path, file);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                if (file == changed)
                    File.WriteAllBytes(target, bytes);
                else if (!File.Exists(target))
                    File.Copy(InFixture(file), target);
            }
            _ = new FixtureIndex(FixtureFolder.Load(folder.Path));
        };

    private static void ReadEvidence(TempFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(folder.Path, "evidence.json"), bytes);
        EvidenceFile.Load(folder.Path);
    }

    private static string WireMock() =>
        WireMockFiles.Write(
            FixtureFolder.Load(Path.Combine(Data.Root, "fixtures", "order-desk")),
            WireMockDialect.WireMock,
            static _ => { }
        );

    private static string Schedule() =>
        new ScheduleFile(
            1,
            "order-desk",
            "captured@tool",
            [new(1, 0.5, ["a#1", "b#1"], "a#1"), new(2, 0.5, ["b#1", "sleep"], "b#1")]
        ).ToText();

    private static string Expected() =>
        """
            { "fixture": "../../fixtures/order-desk", "agents": [ { "agent": "deployed", "driver": "A.B", "verdict": "reproduced",
              "hypotheses": { "captured@tool": "reproduced", "healthy@http": "removed" } } ] }
            """;

    private static string Evidence() =>
        """
            { "incident": "order-desk", "shape": "6b86b273ff34", "fixtureHash": "00", "harness": "1.0.0",
              "broken": { "assembly": "a.dll", "driver": "A.B", "agentHash": "00", "verdict": "reproduced", "sentence": "s",
                "uncontrolled": [], "logHash": "00", "rerun": "r", "hypotheses": [] } }
            """;

    private static string Replayed() =>
        """
            { "captured": { "fingerprint": "6b86b273ff34" },
              "hypotheses": [ { "name": "captured@tool", "verdict": "removed", "remaining": [ "a" ], "sentence": "s" } ] }
            """;

    private static string Rules() =>
        """
            { "rules": [ { "kind": "ticket", "name": "our tickets", "prefixes": ["AX-"], "shape": "[0-9]{5}-[A-Z]" },
              { "kind": "client-number", "labels": ["mandant", "client no"], "shape": "([0-9]{4}|[A-Z]+)-?[0-9]{2}" } ] }
            """;
}
