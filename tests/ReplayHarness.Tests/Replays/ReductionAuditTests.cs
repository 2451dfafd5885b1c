using System.Diagnostics;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>Merging equal states loses nothing: random agents, explored both ways, in the process that the benchmarks use.</summary>
public sealed class ReductionAuditTests
{
    [Test]
    public async Task Random_agents_have_the_same_outcomes_and_counts_merged_and_one_by_one()
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(Data.Root));
        var benchmarks = Path.GetFullPath(Path.Combine(Data.Root, "..", "..", "ReplayHarness.Benchmarks", configuration, "ReplayHarness.Benchmarks.dll"));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", benchmarks, "audit", "300"]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(output, Does.Contain("299 random agents, 1 left out as too large; 0 mismatches"));
    }
}
