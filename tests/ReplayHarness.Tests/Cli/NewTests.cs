using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>Mistakes of who asks for a new incident; nothing that is there is overwritten.</summary>
public sealed class NewTests
{
    [TestCase("Drive timeout", "Drive timeout: expected a name in kebab-case, for example drive-timeout")]
    [TestCase("../x", "../x: expected a name in kebab-case")]
    public async Task A_name_that_is_none(string incident, string message)
    {
        var result = await Tool.RunAsync("new", incident, "--from", Data.DriveTimeout, "--trace", "019e6b59", "--agent", "x");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "")));
        Assert.That(result.Errors, Does.Contain(message));
    }

    [Test]
    public async Task What_is_there_stays()
    {
        using var folder = new TempFolder();
        var project = Path.Combine(folder.Path, "Agent.Replays");
        string[] command = ["new", "drive-timeout", "--from", Data.DriveTimeout, "--trace", "019e6b59", "--agent", project];
        Assert.That((await Tool.RunAsync(command)).ExitCode, Is.Zero);
        var second = await Tool.RunAsync(command);
        Assert.That(second.ExitCode, Is.EqualTo(3));
        Assert.That(second.Errors, Does.Contain("is there already; choose another name, or delete it"));
        Assert.That(Directory.GetFiles(project, "*.csproj"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_driver_of_the_projects_own_is_used()
    {
        using var folder = new TempFolder();
        var project = Path.Combine(folder.Path, "Agent.Replays");
        var result = await Tool.RunAsync(
            "new",
            "drive-timeout",
            "--from",
            Data.DriveTimeout,
            "--trace",
            "019e6b59",
            "--agent",
            project,
            "--driver",
            "My.Agent.Driver"
        );
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(
            await File.ReadAllTextAsync(Path.Combine(project, "drive-timeout", "expected.json")),
            Does.Contain("\"driver\": \"My.Agent.Driver\"")
        );
        Assert.That(File.Exists(Path.Combine(project, "drive-timeout", "Deployed.cs")), Is.False);
    }
}
