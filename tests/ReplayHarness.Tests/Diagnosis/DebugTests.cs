using System.Text.Json;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>What debug shows a person, on the two incidents as they were published.</summary>
public sealed class DebugTests
{
    private static readonly string[] s_drive =
    [
        "debug",
        Data.TaskId,
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--logs",
        "incidents/drive-timeout/logs.jsonl",
        "--metrics",
        "incidents/drive-timeout/metrics.json",
        "--healthy",
        "incidents/drive-timeout/healthy.otlp.jsonl",
    ];

    private static readonly string[] s_threeRuns =
    [
        "--traces",
        "incidents/three-runs/traces.otlp.jsonl",
        "--logs",
        "incidents/three-runs/logs.jsonl",
        "--metrics",
        "incidents/three-runs/metrics.json",
    ];

    [Test]
    public async Task Drive_timeout() => await Verify(await PrintsAsync([.. s_drive, "--code", Code]));

    [Test]
    public async Task Drive_timeout_as_markdown() => await Verify(await PrintsAsync([.. s_drive, "--markdown"]));

    [Test]
    public async Task Drive_timeout_as_json() => await Verify(await PrintsAsync([.. s_drive, "--json"]));

    [Test]
    public async Task The_table_of_three_runs() =>
        await Verify(await PrintsAsync(["debug", "run_9fd2", "run_a113", "run_d77c", "--table", .. s_threeRuns]));

    [TestCase("run_9fd2")]
    [TestCase("run_a113")]
    [TestCase("run_d77c")]
    public async Task Each_of_three_runs(string run) =>
        await Verify(await PrintsAsync(["debug", run, .. s_threeRuns])).UseTextForParameters(run);

    [Test]
    public async Task A_trace_id_of_one_attempt_stands_for_the_whole_run()
    {
        var byTask = await PrintsAsync(s_drive);
        Assert.That(await PrintsAsync(["debug", "019e6b21", .. s_drive[2..]]), Is.EqualTo(byTask));
        Assert.That(
            (await Tool.RunAsync(File.ReadAllText(Data.DriveTimeout), ["debug", "019e6b21", "--traces", "-", .. s_drive[4..]])).Output,
            Is.EqualTo(byTask.Replace("incidents/drive-timeout/traces.otlp.jsonl", "-"))
        );
    }

    [Test]
    public async Task The_commands_that_come_next_confirm_the_hypotheses_and_then_it_is_evidence()
    {
        using var folder = new TempFolder();
        var agent = $"{Repo.Replays}:shipped";
        string[] debug =
        [
            "debug",
            Data.TaskId,
            "--traces",
            Data.DriveTimeout,
            "--healthy",
            Data.Path("incidents/drive-timeout/healthy.otlp.jsonl"),
            "--agent",
            agent,
        ];
        using var before = JsonDocument.Parse(await PrintsInAsync(folder.Path, [.. debug, "--json"]));
        Assert.That(before.RootElement.GetProperty("mode").GetString(), Is.EqualTo("hypothesis"));
        Assert.That(
            before.RootElement.GetProperty("hypotheses").EnumerateArray().Select(h => h.GetProperty("rule").GetString()),
            Is.EqualTo(new[] { "contention", "tool-error-not-survived", "pointless-retry" })
        );
        List<string> replayed = [];
        foreach (var command in before.RootElement.GetProperty("next").EnumerateArray().Select(n => n.GetString()!.Split(' ')[1..]))
        {
            var isRun = command[0] == "run";
            var output = await PrintsInAsync(folder.Path, isRun ? [.. command, "--json"] : command);
            if (isRun)
                replayed.AddRange("--replayed", folder.Write($"{replayed.Count}.json", output));
        }
        using var after = JsonDocument.Parse(
            await PrintsInAsync(folder.Path, [.. debug, "--fixture", Path.Combine("fixtures", "019e6b46"), .. replayed, "--json"])
        );
        Assert.That(after.RootElement.GetProperty("mode").GetString(), Is.EqualTo("evidence"));
        Assert.That(
            after.RootElement.GetProperty("hypotheses").EnumerateArray().Select(h => h.GetProperty("state").GetString()),
            Is.All.EqualTo("confirmed").And.Exactly(3).Items
        );
        Assert.That(after.RootElement.GetProperty("next").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task A_race_that_a_replay_found_names_the_object_that_is_shared()
    {
        using var folder = new TempFolder();
        var run = await Tool.RunAsync("run", Data.Fixture, "--agent", $"{Repo.Replays}:shipped", "--hypothesis", "healthy@http", "--json");
        var replayed = folder.Write("run.json", run.Output);
        Assert.That(
            await PrintsAsync([.. s_drive, "--fixture", Data.Fixture, "--replayed", replayed]),
            Does.Match(
                @"\n     = healthy@http: reproduced\. .* DriveConnection\._slot is shared: DriveConnection\.SendAsync "
                    + @"\(DriveConnection\.cs:22\) writes it, DriveConnection\.ReceiveAsync \(DriveConnection\.cs:32\) reads it, and "
                    + @"nothing puts them in order\.\n"
            )
        );
    }

    [Test]
    public async Task A_replay_of_an_agent_that_is_mended_refutes_them()
    {
        using var folder = new TempFolder();
        var agent = $"{Repo.Replays}:both";
        var run = await Tool.RunAsync("run", Data.Fixture, "--agent", agent, "--json");
        var replayed = folder.Write("run.json", run.Output);
        using var document = JsonDocument.Parse(
            await PrintsAsync([.. s_drive, "--fixture", Data.Fixture, "--replayed", replayed, "--json"])
        );
        Assert.That(document.RootElement.GetProperty("mode").GetString(), Is.EqualTo("hypothesis"));
        Assert.That(
            document.RootElement.GetProperty("hypotheses").EnumerateArray().Select(h => h.GetProperty("state").GetString()),
            Is.All.EqualTo("refuted")
        );
    }

    [Test]
    public async Task Commands_are_written_as_a_shell_takes_them()
    {
        using var folder = new TempFolder();
        var traces = folder.Write(
            "traces of today.jsonl",
            File.ReadAllText(Data.DriveTimeout).Replace(Data.TaskId, "it's $HOME", StringComparison.Ordinal)
        );
        using var document = JsonDocument.Parse(await PrintsAsync(["debug", "it's $HOME", "--traces", traces, "--json"]));
        var capture = document.RootElement.GetProperty("capture").GetString()!;
        Assert.That(capture, Does.Contain("""--where 'task_id=it'\''s $HOME'""").And.Contain($"'{traces}'"));
        var (code, words) = Component.Run("sh", "-c", $"set -- {capture}; printf '%s\\n' \"$@\"");
        Assert.That(
            (code, words.Split('\n')),
            Is.EqualTo(
                (0, new[] { "replay-harness", "capture", traces, "--where", "task_id=it's $HOME", "--out", "fixtures/it-s--HOME", "" })
            )
        );
    }

    [TestCase(
        "support_answer is found in 3 runs: run_9fd2, run_a113, run_d77c; give one of them",
        "debug",
        "support_answer",
        "--traces",
        "incidents/three-runs/traces.otlp.jsonl"
    )]
    [TestCase("none of 4 run(s) is called nobody", "debug", "nobody", "--traces", "incidents/drive-timeout/traces.otlp.jsonl")]
    [TestCase(
        "$.error_rate: is 7, expected a number from 0 to 1",
        "debug",
        "019e6b59",
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--metrics",
        "METRICS{\"error_rate\":7}"
    )]
    [TestCase(
        "$.synthetic_run_status: is 1, expected a word",
        "debug",
        "019e6b59",
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--metrics",
        "METRICS{\"synthetic_run_status\":1}"
    )]
    [TestCase(
        ":1:15: is no JSON",
        "debug",
        "019e6b59",
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--metrics",
        "METRICS{\"error_rate\" 7}"
    )]
    [TestCase(
        "$: expected one object of metrics, found",
        "debug",
        "019e6b59",
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--metrics",
        "METRICS[]"
    )]
    [TestCase(
        "holds no log record",
        "debug",
        "019e6b59",
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--logs",
        "METRICSno log at all"
    )]
    [TestCase(
        "no run of incidents/drive-timeout/traces.otlp.jsonl is of that release; there is 2026.5.27",
        "debug",
        "019e6b59",
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--baseline",
        "1"
    )]
    [TestCase(
        "was captured from the failure",
        "debug",
        "019e6b59",
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--fixture",
        "FIXTURE"
    )]
    [TestCase(
        "$.captured.fingerprint: is missing",
        "debug",
        "019e6b59",
        "--traces",
        "incidents/drive-timeout/traces.otlp.jsonl",
        "--replayed",
        "METRICS{}"
    )]
    public async Task Bad_input_gets_one_clear_error(string message, params string[] arguments)
    {
        using var folder = new TempFolder();
        var result = await Tool.RunAsync([
            .. arguments.Select(a =>
                a.StartsWith("METRICS", StringComparison.Ordinal) ? folder.Write("given", a[7..])
                : a == "FIXTURE" ? Path.Combine(Data.Root, "fixtures", "support-loop")
                : a
            ),
        ]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(result.Errors, Does.Contain(message).And.Not.Contain("   at "));
    }

    [TestCase("--slo-ms", "0")]
    [TestCase("--window", "soon")]
    public async Task Bad_options_are_usage(params string[] option)
    {
        var result = await Tool.RunAsync([.. s_drive, .. option]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(option[0]));
    }

    [Test]
    public async Task Colours_only_where_they_are_wanted()
    {
        Assert.That(await PrintsAsync(s_drive), Does.Not.Contain("\u001b["));
        var coloured = (await Tool.RunWithAsync(("FORCE_COLOR", "1"), s_drive)).Output;
        Assert.That(coloured, Does.Contain("\u001b[1;31m  running tool: read_drive_markdown"));
        Assert.That(
            System.Text.RegularExpressions.Regex.Replace(coloured, "\u001b\\[[0-9;]*m", ""),
            Is.EqualTo(await PrintsAsync(s_drive))
        );
    }

    [Test]
    public async Task Tree_as_a_waterfall() =>
        await Verify(await PrintsAsync(["tree", "incidents/drive-timeout/traces.otlp.jsonl", "--trace", "019e6b59", "--waterfall"]));

    [Test]
    public async Task Rules() => await Verify(await PrintsAsync(["rules"]));

    private static string Code { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "Agents", "MailPilot"));

    private static Task<string> PrintsAsync(string[] arguments) => PrintsInAsync(Path.Combine(Data.Root, "Data"), arguments);

    private static async Task<string> PrintsInAsync(string folder, string[] arguments)
    {
        var result = await Tool.RunInAsync(folder, arguments);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        return result.Output;
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
