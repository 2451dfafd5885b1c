using System.CommandLine;
using System.CommandLine.Parsing;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Cli.History;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

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
        command.SetAction(
            (parsed, token) =>
            {
                var folder = Path.GetFullPath(parsed.GetRequiredValue(fixture));
                FixtureFolder.Load(folder);
                var (project, driver) = RunCommand.SplitAgent(parsed.GetRequiredValue(s_agent));
                var root = Worktree.RepositoryOf("bisect");
                return RunAsync(
                    parsed,
                    new GitBisect(
                        root,
                        (tree, commit) =>
                            TestAsync(
                                tree,
                                commit,
                                Path.GetRelativePath(root, AgentBuild.ProjectFile(project)),
                                assembly =>
                                    Replayer.RunAsync(folder, Agent.InAssembly(assembly, driver), options.Of(parsed), progress: null, token)
                            )
                    )
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, GitBisect bisect)
    {
        var (good, bad, ended) = (parsed.GetRequiredValue(s_good), parsed.GetRequiredValue(s_bad), parsed.GetValue(s_fixed));
        var result = await bisect.RunAsync(ended ? bad : good, ended ? good : bad, newFails: !ended);
        if (parsed.GetValue(s_json))
            JsonOut.Write(result, CliJson.Relaxed.BisectResult);
        else
            Tell(result, ended);
        return (int)(result.First is null ? ExitCode.NotEstablished : ExitCode.Ok);
    }

    private static void Tell(BisectResult result, bool ended)
    {
        var what = ended ? "the first commit without the failure" : "the first commit with the failure";
        if (result.First is { } first)
            Console.Out.WriteLine(
                $"{what}: {Repository.Git(Directory.GetCurrentDirectory(), "log", "-1", "--format=%h %s (%an, %cs)", first)}"
            );
        else
        {
            Console.Out.WriteLine($"{what} is one of these; those between cannot be told:");
            foreach (var commit in result.Left)
                Console.Out.WriteLine($"  {Repository.Git(Directory.GetCurrentDirectory(), "log", "-1", "--format=%h %s", commit)}");
        }
        Console.Out.WriteLine($"rerun: {Invocation.Again()}");
    }

    private static async Task<BisectStep> TestAsync(string tree, string commit, string project, Func<string, Task<ReplayReport>> replay)
    {
        var (assembly, why) = await AgentBuild.RunAsync(tree, project);
        var step = assembly is null ? new BisectStep(commit, null, why) : await ReplayAsync(commit, () => replay(assembly));
        await Console.Error.WriteLineAsync(
            $"{commit[..10]} {(step.Fails switch { true => "fails", false => "is good", null => "is skipped" })}: {step.Why}"
        );
        return step;
    }

    private static async Task<BisectStep> ReplayAsync(string commit, Func<Task<ReplayReport>> replay)
    {
        try
        {
            var report = await replay();
            var shows = report.Hypotheses.Any(h => h is { Counts: true, Remaining.Count: > 0 });
            var told = report.Verdict is not (VerdictKind.Diverged or VerdictKind.NotEstablished);
            return new(
                commit,
                shows ? true
                    : told ? false
                    : null,
                $"{report.Verdict.Text()}: {report.Sentence}"
            );
        }
        catch (BadInputException e)
        {
            return new(commit, null, e.Message);
        }
    }
}
