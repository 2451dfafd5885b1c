using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Running;

/// <summary>With REPLAYHARNESS_DEBUG=1 the process of a replay waits for a debugger, and says which one it is.</summary>
public sealed partial class DebuggingTests
{
    [Test]
    public async Task The_host_waits_and_says_where()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var argument in (string[])
                ["exec", Path.Combine(Data.Root, "replay-harness.dll"), "run", Data.Fixture, "--agent", $"{Repo.Replays}:both"]
        )
            start.ArgumentList.Add(argument);
        start.Environment["REPLAYHARNESS_DEBUG"] = "1";
        using var process = Process.Start(start)!;
        try
        {
            var told = await process.StandardError.ReadLineAsync() ?? "";
            Assert.That(
                told,
                Does.Match(
                    @"^replay-harness: REPLAYHARNESS_DEBUG=1: attach a debugger to process \d+ \(ReplayHarness\.Host\.dll\); it waits$"
                )
            );
            using var host = Process.GetProcessById(int.Parse(Number().Match(told).Value, CultureInfo.InvariantCulture));
            // Longer than a replay takes.
            Assert.That(process.WaitForExit(TimeSpan.FromSeconds(4)), Is.False);
            Assert.That(host.HasExited, Is.False);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"(?<=process )\d+")]
    private static partial Regex Number();
}
