using System.Globalization;
using System.Text.Json.Nodes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>Parts of a list of jobs, without running any.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ShardTests : IDisposable
{
    private readonly Incidents _incidents = new("alpha", "beta", "delta", "gamma");

    public void Dispose() => _incidents.Dispose();

    [Test]
    public async Task Weights_make_parts_that_take_equally_long_and_lose_nothing()
    {
        _incidents.Write(
            "weights.json",
            new JsonObject
            {
                ["alpha/mended"] = 60,
                ["beta/broken"] = 30,
                ["gamma/mended"] = 30,
                ["gone/mended"] = 500,
            }.ToJsonString()
        );
        List<string[]> parts = [];
        foreach (var part in (string[])["1/3", "2/3", "3/3"])
            parts.Add(await PlanAsync("--shard", part, "--weights", "weights.json"));
        Assert.That(parts.SelectMany(p => p).Order(), Is.EqualTo((await PlanAsync()).Order()), "each job once");
        // Of 8 jobs 5 are new, and count as the mean of 40 s: 320 s in all.
        int[] seconds =
        [
            .. parts
                .Select(p =>
                    p.Sum(j =>
                        j == "alpha/mended" ? 60
                        : j is "beta/broken" or "gamma/mended" ? 30
                        : 40
                    )
                )
                .Order(),
        ];
        Assert.That(seconds[^1] - seconds[0], Is.LessThanOrEqualTo(30), string.Join(", ", seconds));
        Assert.That(parts, Has.None.Empty);
    }

    [TestCase("there is no such file or folder", "missing.json", null)]
    [TestCase("w.json:1:9: $.a: expected seconds", "w.json", "{\"a\":\"x\"}")]
    [TestCase("a/b has no seconds", "w.json", "{\"a/b\":-1}")]
    public async Task Weights_that_are_none_are_one_clear_error(string message, string file, string? text)
    {
        if (text is not null)
            _incidents.Write(file, text);
        var run = await _incidents.RunAsync("--plan", "--shard", "1/2", "--weights", file);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Errors, Does.Contain(message));
    }

    [Test]
    public async Task Bazel_is_told_that_its_parts_are_known()
    {
        var status = Path.Combine(_incidents.Path, "status");
        var run = await Tool.RunWithAsync(
            [("TEST_SHARD_INDEX", "0"), ("TEST_TOTAL_SHARDS", "2"), ("TEST_SHARD_STATUS_FILE", status)],
            ["replays", Path.Combine(_incidents.Path, "replays"), "--assembly", Replay.Assembly, "--plan", "--shard", "auto"]
        );
        Assert.That((run.ExitCode, File.Exists(status)), Is.EqualTo((0, true)), run.Errors);
    }

    [Test]
    public async Task More_parts_than_jobs_leave_some_empty_and_lose_none()
    {
        List<string> all = [];
        for (var i = 1; i <= 4; i++)
            all.AddRange(await PlanAsync("gamma", "--shard", string.Create(CultureInfo.InvariantCulture, $"{i}/4")));
        Assert.That(all.Order(), Is.EqualTo(["gamma/broken", "gamma/mended"]));
    }

    [Test]
    public async Task Two_agents_of_one_name_are_an_error_and_a_hostile_name_stays_in_the_folder()
    {
        _incidents.Add("twice", ("same", nameof(DyingDriver), "removed"), ("same", nameof(DyingDriver), "removed"));
        File.Delete(Path.Combine(_incidents.Path, "alpha", "fixture.json"));
        _incidents.Add("alpha", ("../../../out", nameof(DyingDriver), "removed"), ("..", nameof(DyingDriver), "removed"));
        foreach (var incident in (string[])["alpha", "twice"])
        {
            var run = await Tool.RunInAsync(
                _incidents.Path,
                ["replays", "replays", incident, "--assembly", Replay.Assembly, "--results", "in/kept"]
            );
            Assert.That(run.ExitCode, Is.EqualTo(3), run.Output);
            if (incident == "twice")
                Assert.That(run.Errors, Does.Contain("names two agents same; give each a name of its own"));
        }
        var kept = Path.Combine(_incidents.Path, "in", "kept");
        Assert.That(
            Directory.GetFiles(_incidents.Path, "*.result.json", SearchOption.AllDirectories),
            Has.Length.EqualTo(3).And.All.StartsWith(kept)
        );
    }

    private async Task<string[]> PlanAsync(params string[] options) =>
        (await _incidents.RunAsync([.. options, "--plan"])).Output.Split('\n')[..^1];
}
