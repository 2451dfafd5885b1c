using System.Text.Json.Nodes;
using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>What a kept result depends on: each change below may change what a replay shows, and none may be overlooked.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KeptResultTests : IDisposable
{
    private const string Incident = "drive-timeout";

    private readonly TempFolder _folder = new();
    private readonly string _agent;
    private readonly string _fixture;

    public KeptResultTests()
    {
        _agent = Directory.CreateDirectory(Path.Combine(_folder.Path, "agent")).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Repo.Replays)!))
            File.CreateSymbolicLink(Path.Combine(_agent, Path.GetFileName(file)), file);
        _fixture = Path.Combine(_folder.Path, "fixtures", Incident);
        Directory.CreateDirectory(Path.Combine(_fixture, "http"));
        foreach (var file in (string[])["fixture.json", "traces.otlp.jsonl", "README.md", Path.Combine("http", "drive.json")])
            File.Copy(Path.Combine(Data.Root, "fixtures", Incident, file), Path.Combine(_fixture, file));
        _folder.Write(
            Path.Combine("replays", Incident, "expected.json"),
            File.ReadAllText(Path.Combine(Repo.Root, "replays", Incident, "expected.json"))
        );
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Whatever_a_replay_may_read_changes_what_its_result_is_kept_under()
    {
        List<string> overlooked = [];
        var before = await KeysAsync();
        await TryAsync("settings beside it", () => Write("appsettings.json", "{}"));
        await TryAsync("a file in a folder beside it", () => Write("prompts/system.txt", "You are"));
        await TryAsync("a native library", () => Write("runtimes/linux-x64/native/libtool.so", "\u007fELF"));
        await TryAsync("XML that documents nothing", () => Write("tools.xml", "<tools/>"));
        await TryAsync("a package of the same length", () => Flip("Microsoft.Extensions.AI.Abstractions.dll"));
        await TryAsync("the harness beside it", () => Flip("ReplayHarness.dll"));
        await TryAsync("the host beside it", () => Flip("ReplayHarness.Host.dll"));
        await TryAsync("the captured traces", () => File.AppendAllText(Path.Combine(_fixture, "traces.otlp.jsonl"), "\n"));
        await TryAsync("a file deep in the fixture", () => _folder.Write($"fixtures/{Incident}/http/deep/more.json", "{}"));
        await TryAsync("a variable of the environment", () => { }, ("DRIVE_MODE", "fast"));
        await TryAsync("a setting that looks like one of an engine", () => { }, ("GITHUB_ACTIONS", "true"), ("RUNNER__MODE", "fast"));
        await TryAsync("another zone of the clock", () => { }, ("TZ", "Asia/Tokyo"));
        Assert.That(string.Join(", ", overlooked), Is.Empty);

        async Task TryAsync(string what, Action change, params (string, string)[] variables)
        {
            change();
            var after = await KeysAsync(variables);
            if (before.Any(b => after[b.Key].Key == b.Value.Key))
                overlooked.Add(what);
            before = variables.Length == 0 ? after : before;
        }
    }

    [Test]
    public async Task What_no_replay_reads_does_not()
    {
        List<string> noticed = [];
        var before = await KeysAsync();
        await TryAsync("words about the fixture", () => File.AppendAllText(Path.Combine(_fixture, "README.md"), "More words.\n"));
        await TryAsync("words about the code", () => Write("MailPilot.xml", "<doc/>"));
        await TryAsync("the copy that is replayed", () => Write(".replay/0123456789abcdef/Agent.dll", "rewritten"));
        await TryAsync("GitHub", () => { }, ("GITHUB_ACTIONS", "true"), ("GITHUB_RUN_ID", "7"));
        await TryAsync("Slurm", () => { }, ("SLURM_JOB_ID", "8"), ("SLURM_ARRAY_TASK_ID", "2"));
        await TryAsync("a service of Kubernetes", () => { }, ("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("MAIL_PORT_80_TCP", "10.0.0.2"));
        await TryAsync("the name of the machine", () => { }, ("HOSTNAME", "another"));
        await TryAsync("where copies lie", () => { }, ("REPLAYHARNESS_CACHE", "/tmp/other"));
        Assert.That(string.Join(", ", noticed), Is.Empty);

        async Task TryAsync(string what, Action change, params (string, string)[] variables)
        {
            change();
            var after = await KeysAsync(variables);
            if (before.Any(b => after[b.Key] != b.Value))
                noticed.Add(what);
            before = variables.Length == 0 ? after : before;
        }
    }

    [Test]
    public async Task Another_code_is_that_of_the_agents_that_reach_it()
    {
        const string Agents = "ReplayHarness.Replays.dll",
            Survives = "Replays.DriveTimeout.Survives";
        var before = await KeysAsync();
        await ChangesAsync([], () => Rewrite(Agents, Survives, _ => { }), "written again");
        await ChangesAsync(["survives"], () => Rewrite(Agents, Survives, MoveDown), "on another line");
        await ChangesAsync(["survives"], () => Rewrite(Agents, Survives, m => Say(m, "HOSTNAME")), "another text");
        var named = await KeysAsync(("HOSTNAME", "another"));
        Assert.That(Changed(before, named), Is.EqualTo([$"{Incident}/survives"]), "a variable that its code names");
        string[] all = [.. before.Keys.Select(k => k.Split('/')[1])];
        await ChangesAsync(all, () => Rewrite("MailPilot.dll", "MailPilot.TaskRunner", m => Say(m, "else")), "what the team built with it");

        async Task ChangesAsync(string[] agents, Action change, string what)
        {
            change();
            var after = await KeysAsync();
            Assert.That(Changed(before, after), Is.EqualTo(agents.Select(a => $"{Incident}/{a}")), what);
            before = after;
        }
    }

    [Test]
    public async Task What_is_expected_is_no_part_of_the_result_but_of_what_is_merged()
    {
        var before = await KeysAsync();
        var expected = Path.Combine(_folder.Path, "replays", Incident, "expected.json");
        var json = JsonNode.Parse(File.ReadAllText(expected))!;
        json["agents"]![0]!["verdict"] = "removed";
        File.WriteAllText(expected, json.ToJsonString());
        var after = await KeysAsync();
        Assert.That(after.Values.Select(k => k.Key), Is.EqualTo(before.Values.Select(k => k.Key)));
        Assert.That(Changed(before, after), Is.EqualTo([$"{Incident}/shipped"]));
    }

    private void Write(string file, string text) => _folder.Write(Path.Combine("agent", file), text);

    private void Flip(string file)
    {
        var path = Path.Combine(_agent, file);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    // The file itself is another, and no link to what was built.
    private void Rewrite(string file, string type, Action<MethodDefinition> change)
    {
        var path = Path.Combine(_agent, file);
        var symbols = Path.ChangeExtension(path, ".pdb");
        using (var module = ModuleDefinition.ReadModule(path, new ReaderParameters { ReadSymbols = true, InMemory = true }))
        {
            change(module.GetType(type).Methods.First(m => m.HasBody && !m.IsConstructor));
            File.Delete(path);
            File.Delete(symbols);
            module.Write(path, new WriterParameters { WriteSymbols = true });
        }
    }

    private static void MoveDown(MethodDefinition method)
    {
        foreach (var point in method.DebugInformation.SequencePoints.Where(p => !p.IsHidden))
            (point.StartLine, point.EndLine) = (point.StartLine + 1, point.EndLine + 1);
    }

    private static void Say(MethodDefinition method, string text)
    {
        var il = method.Body.GetILProcessor();
        il.InsertBefore(method.Body.Instructions[0], il.Create(OpCodes.Ldstr, text));
        il.InsertAfter(0, il.Create(OpCodes.Pop));
    }

    private static IEnumerable<string> Changed(
        Dictionary<string, (string State, string Key)> before,
        Dictionary<string, (string State, string Key)> after
    ) => after.Where(k => k.Value != before[k.Key]).Select(k => k.Key);

    private async Task<Dictionary<string, (string State, string Key)>> KeysAsync(params (string, string)[] variables)
    {
        var run = await Tool.RunWithAsync(
            variables,
            [
                "replays",
                Path.Combine(_folder.Path, "replays"),
                "--assembly",
                Path.Combine(_agent, Path.GetFileName(Repo.Replays)),
                "--plan",
                "--json",
            ]
        );
        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        var keys = JsonNode.Parse(run.Output)!["jobs"]!
            .AsArray()
            .ToDictionary(j => (string)j!["name"]!, j => ((string)j!["state"]!, (string)j!["key"]!));
        // One that cannot be read has none, and differs from nothing.
        Assert.That(keys.Values, Has.Count.EqualTo(6).And.None.EqualTo(("", "")));
        return keys;
    }
}
