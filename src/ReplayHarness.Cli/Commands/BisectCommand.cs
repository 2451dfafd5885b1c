using System.CommandLine;
using System.CommandLine.Parsing;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Evidence;
using ReplayHarness.Evidence.History;
using ReplayHarness.Running;

namespace ReplayHarness.Cli.Commands;

/// <summary>The commit that brought a failure, or its end.</summary>
internal static class BisectCommand
{
    private static readonly Option<string> s_agent = new("--agent")
    {
        Description = "PROJECT[:TYPE]: the project in the repository that holds the driver, and the driver.",
        Required = true,
    };
    private static readonly Option<string> s_good = new("--good")
    {
        Description = "A commit in which the failure does not show.",
        Required = true,
    };
    private static readonly Option<string> s_bad = new("--bad") { Description = "A commit in which it does.", Required = true };
    private static readonly Option<bool> s_fixed = new("--fixed")
    {
        Description = "The good commit is the later one: names the first in which the failure no longer shows.",
    };
    private static readonly Option<bool> s_json = new("--json") { Description = "One JSON document on standard output." };

    public static Command Create()
    {
        var fixture = new Argument<string>("fixture") { Description = "The fixture's folder." };
        var options = new RunOptions();
        var command = new Command(
            "bisect",
            "Runs git bisect on a failure: names the first commit in which a fixture's failure shows, or no longer does."
        )
        {
            fixture,
            s_agent,
            s_good,
            s_bad,
            s_fixed,
            s_json,
        };
        options.AddTo(command);
        command.SetAction((parsed, token) => RunAsync(parsed, parsed.GetRequiredValue(fixture), options.Of(parsed), token));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string fixture, ReplayOptions options, CancellationToken token)
    {
        var (project, driver) = RunCommand.SplitAgent(parsed.GetRequiredValue(s_agent));
        var ended = parsed.GetValue(s_fixed);
        Mending.BeforeReading(fixture);
        var result = await Bisection.RunAsync(
            fixture,
            new AgentProject(project, driver),
            parsed.GetRequiredValue(s_good),
            parsed.GetRequiredValue(s_bad),
            ended,
            options,
            Tell,
            token
        );
        if (parsed.GetValue(s_json))
            JsonOut.Write(result, CliJson.Relaxed.BisectResult);
        else
            Tell(result, ended);
        return (int)(result.First is null ? ExitCode.NotEstablished : ExitCode.Ok);
    }

    private static void Tell(BisectStep step) =>
        Console.Error.WriteLine(
            $"{step.Commit[..10]} {(step.Fails switch { true => "fails", false => "is good", null => "is skipped" })}: {step.Why}"
        );

    private static void Tell(BisectResult result, bool ended)
    {
        var what = ended ? "the first commit without the failure" : "the first commit with the failure";
        if (result.First is { } first)
            Console.Out.WriteLine(
                $"{what}: {GitRepository.Git(Directory.GetCurrentDirectory(), "log", "-1", "--format=%h %s (%an, %cs)", first)}"
            );
        else
        {
            Console.Out.WriteLine($"{what} is one of these; those between cannot be told:");
            foreach (var commit in result.Left)
                Console.Out.WriteLine($"  {GitRepository.Git(Directory.GetCurrentDirectory(), "log", "-1", "--format=%h %s", commit)}");
        }
        Console.Out.WriteLine($"rerun: {Invocation.Again()}");
    }
}
