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
        Assert.That(
            second.Errors,
            Does.Contain($"{project}/fixtures/drive-timeout and {project}/drive-timeout: already there; choose another name, or delete it")
                .And.Contain($"replay-harness capture … --out {project}/fixtures/drive-timeout")
        );
        Assert.That(Directory.GetFiles(project, "*.csproj"), Has.Length.EqualTo(1));
    }

    // What is redacted is redacted again.
    [Test]
    public async Task What_a_healthy_backend_lacks_is_told_with_the_command_that_captures_it()
    {
        using var folder = new TempFolder();
        var project = Path.Combine(folder.Path, "Agent.Replays");
        var result = await Tool.RunAsync(
            "new",
            "garden",
            "--from",
            "teams/garden.jsonl",
            "--agent",
            project,
            "--redact",
            "Which .*?",
            "--where",
            "job_id=garden"
        );
        var command =
            $"replay-harness capture teams/garden.jsonl --redact 'Which .*?' --where job_id=garden --out {project}/fixtures/garden";
        Assert.That(
            result.Output,
            Does.Contain(
                "healthy@http needs a trace in which find_plant went well with the same arguments\n"
                    + $"  capture it too: {command} --healthy SOURCE\n"
            ),
            result.Errors
        );
        var captured = await Tool.RunAsync(
            "capture",
            "teams/garden.jsonl",
            "--where",
            "job_id=garden",
            "--out",
            $"{project}/fixtures/garden",
            "--healthy",
            "teams/garden-healthy.jsonl"
        );
        Assert.That(captured.Output, Does.Contain("hypotheses: ").And.Not.Contain("needs a trace"), captured.Errors);
    }

    // The runner is chosen by the first global.json above where the command is typed.
    [Test]
    public async Task The_next_command_works_where_it_is_typed()
    {
        using var folder = new TempFolder();
        folder.Write("Replays/Replays.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        var file = folder.Write("Replays/global.json", """{ "test": { "runner": "Microsoft.Testing.Platform" } }""");
        Assert.That(await NextAsync("a"), Does.EndWith("next: cd Replays\nnext: dotnet test\n"));
        File.Move(file, Path.Combine(folder.Path, "global.json"));
        Assert.That(await NextAsync("b"), Does.EndWith("next: dotnet test --project Replays\n"));
        folder.Write("global.json", """{ "sdk": { "version": "10.0.100" } }""");
        Assert.That(await NextAsync("c"), Does.EndWith("next: dotnet run --project Replays\n"));

        async Task<string> NextAsync(string incident)
        {
            string[] command = ["new", incident, "--from", Data.DriveTimeout, "--trace", "019e6b59", "--agent", "Replays"];
            var result = await Tool.RunInAsync(folder.Path, command);
            return result.Output + result.Errors;
        }
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
