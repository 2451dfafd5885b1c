using System.Diagnostics;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>The kernel by itself, in the process that the benchmarks use.</summary>
public sealed class KernelTests
{
    [Test]
    public async Task Random_agents_have_the_same_outcomes_and_counts_merged_and_one_by_one() =>
        Assert.That(await RunAsync("audit", "300"), Does.Contain("295 random agents, 5 left out as too large; 0 mismatches"));

    [Test]
    public async Task Agents_on_the_official_SDKs_give_one_log_hash_for_one_seed_and_merge_soundly()
    {
        var output = await RunAsync("sdks", "200");
        foreach (var sdk in (string[])["OpenAI", "Anthropic", "Polly", "MCP"])
            Assert.That(output, Does.Match($@"(?m)^{sdk}, .*: 1 log hash\(es\) in 200; .*, outcomes the same$"));
        Assert.That(output, Does.Contain("OpenAI, 3 turns x 4 tools: 13,824 schedules from 70 runs"));
    }

    [Test]
    public async Task One_seed_gives_one_log_hash_over_every_kind_of_hop() =>
        Assert.That(await RunAsync("kernel", "20000"), Does.Contain("a mixed agent, 20,000 repetitions of one seed: 1 log hash(es)"));

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(Data.Root));
        var benchmarks = Path.GetFullPath(
            Path.Combine(Data.Root, "..", "..", "ReplayHarness.Benchmarks", configuration, "ReplayHarness.Benchmarks.dll")
        );
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", benchmarks, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
