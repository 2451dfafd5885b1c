using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>The recipe for Slurm on one node: an array, a task that is cancelled, the array once more, one result.</summary>
[Platform(Include = "Linux", Reason = "Slurm")]
[NonParallelizable]
public sealed class SlurmTests
{
    private readonly List<int> _daemons = [];

    [TearDown]
    public void End()
    {
        foreach (var daemon in _daemons)
            Component.Run("kill", "-9", $"{daemon}");
    }

    [Test]
    public async Task An_array_that_lost_a_task_is_submitted_again_and_merged()
    {
        foreach (var program in (string[])["slurmctld", "slurmd", "munged", "sbatch"])
            if (Component.OnPath(program) is null && !File.Exists($"/usr/sbin/{program}"))
                Component.Missing($"there is no {program}; it comes with slurmctld, slurmd, slurm-client and munge");
        if (Environment.UserName != "root")
            Component.Missing("a Slurm of one node is started by root");
        using var incidents = new Incidents("alpha", "gamma");
        var slurm = Start(incidents.Path);
        incidents.Write("array.sh", Script());

        var first = Batch(slurm, incidents.Path, "--parsable", "--array=1-3");
        SpinWait.SpinUntil(() => Directory.Exists(Path.Combine(incidents.Path, "out-2")), TimeSpan.FromMinutes(1));
        Component.Run("env", $"SLURM_CONF={slurm}", "scancel", $"{first}_2");
        Batch(slurm, incidents.Path, "--wait", "--array=1-3");

        var merged = await incidents.MergeAsync("out-1", "out-2", "out-3");
        Assert.That(merged.ExitCode, Is.Zero, merged.Errors);
        Assert.That(merged.Output, Is.EqualTo((await incidents.RunAsync()).Output));
        var tasks = string.Concat(Enumerable.Range(1, 3).SelectMany(i => incidents.Results($"out-{i}")).Order());
        Assert.That(tasks, Is.EqualTo("alpha/brokenalpha/mendedgamma/brokengamma/mended"));
    }

    private static string Script() =>
        $"""
            #!/usr/bin/env bash
            cd "$SLURM_SUBMIT_DIR"
            dotnet exec '{Path.Combine(Data.Root, "replay-harness.dll")}' {string.Join(' ', Incidents.Arguments())} \
              --jobs 1 --shard auto --results "out-$SLURM_ARRAY_TASK_ID" > /dev/null
            """;

    // Both arrays write to the same folders: the second waits for what is left of the first.
    private static string Batch(string slurm, string folder, params string[] options)
    {
        var (code, output) = Component.Run(
            "env",
            ["-C", folder, $"SLURM_CONF={slurm}", "sbatch", "--dependency=singleton", "--job-name=replays", .. options, "array.sh"]
        );
        Assert.That(code, Is.Zero, output);
        return output.Trim();
    }

    private string Start(string folder)
    {
        var script = Path.Combine(Repo.Root, "tests", "ReplayHarness.Tests", "Fleet", "slurm.sh");
        var ports = new[] { $"{Component.FreePort()}", $"{Component.FreePort()}" };
        // Whoever inherits a pipe of a daemon waits for it for ever.
        var started = Component.Run(
            "bash",
            "-c",
            $"bash '{script}' '{folder}' {ports[0]} {ports[1]} > '{folder}/start.log' 2>&1 < /dev/null"
        );
        Assert.That(started.ExitCode, Is.Zero, () => File.ReadAllText(Path.Combine(folder, "start.log")));
        foreach (var daemon in (string[])["slurmctld.pid", "slurmd.pid"])
        {
            var file = Path.Combine(folder, daemon);
            SpinWait.SpinUntil(() => File.Exists(file) && File.ReadAllText(file).Length > 0, TimeSpan.FromSeconds(30));
            _daemons.Add(int.Parse(File.ReadAllText(file), System.Globalization.CultureInfo.InvariantCulture));
        }
        return Path.Combine(folder, "slurm.conf");
    }
}
