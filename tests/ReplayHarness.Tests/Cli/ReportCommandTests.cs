using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>The report of the agents that are named, as the other commands name them.</summary>
public sealed class ReportCommandTests
{
    [Test]
    public async Task An_agent_of_which_it_is_not_said_whether_it_is_mended()
    {
        using var folder = new TempFolder();
        string[] brief = ["--hypothesis", "captured@tool", "--schedules", "captured"];
        var agent = $"{Replay.Assembly}:{nameof(Shipped)}";
        var result = await Tool.RunInAsync(folder.Path, ["report", Data.Fixture, "--agent", agent, .. brief]);
        Assert.That(
            (result.ExitCode, result.Output, result.Errors),
            Is.EqualTo((0, "report.html: open it in a browser\n", "")),
            result.Errors
        );
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder.Path, "report.html")), Does.Contain("\"label\":\"agent\""));
    }
}
