using System.CommandLine;
using System.CommandLine.Parsing;
using ReplayHarness.Cli.Scaffolding;
using ReplayHarness.Diagnosis;
using ReplayHarness.Fixtures;
using ReplayHarness.Stores;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>From the trace of a failed run to a test that fails.</summary>
internal static class NewCommand
{
    private static readonly Argument<string> s_incident = new("incident") { Description = "The incident's name, in kebab-case." };
    private static readonly Option<string> s_agent = new("--agent")
    {
        Description = "The folder of the test project; where it holds none, one is made.",
        Required = true,
    };
    private static readonly Option<string?> s_driver = new("--driver")
    {
        Description = "The full name of a driver that the project has; one is written where it is left out.",
    };
    private static readonly Option<string?> s_project = new("--project")
    {
        Description = "The agent's project, a file or its folder: the driver is written for what it refers to.",
    };
    private static readonly Option<string?> s_start = new("--start")
    {
        Description = "The agent's class, and its method where it has several: TYPE or TYPE.METHOD.",
    };
    private static readonly CaptureSettings s_settings = new();

    public static Command Create()
    {
        var source = new Source("--from");
        var selection = new Selection();
        var command = new Command("new", "Captures the fixture of an incident and writes its test, which fails until the agent is mended.")
        {
            s_incident,
            s_agent,
            s_driver,
            s_project,
            s_start,
        };
        s_settings.AddTo(command);
        selection.AddTo(command);
        source.AddTo(command);
        command.SetAction(parsed => Run(source, selection, parsed));
        return command;
    }

    private static void Run(Source source, Selection selection, ParseResult parsed)
    {
        var tests = parsed.GetRequiredValue(s_agent);
        Mending.BeforeWriting(tests, besides: true);
        var agent = AgentOf(parsed, tests);
        var scaffold = new IncidentScaffold(
            parsed.GetRequiredValue(s_incident),
            tests,
            parsed.GetValue(s_driver),
            parsed.GetValue(s_project) is null ? null : agent?.File
        );
        scaffold.Check();
        if (agent is not null && parsed.GetValue(s_start) is { } start)
            AgentDriver.Check(agent, start);
        var (traces, selected) = selection.Load(source, parsed);
        var had = AgentProject.OfTests(tests);
        var isThere = Directory.Exists(tests) && Directory.GetFiles(tests, "*.csproj").Length > 0;
        var (fixture, driver) = scaffold.Capture(agent, parsed.GetValue(s_start), traces, s_settings.Of(parsed, selected));
        Tell(scaffold, fixture, driver);
        CaptureCommand.TellWhatHealthyLacks(fixture, CaptureAlone(parsed, source.Text(parsed), scaffold.Fixture));
        // Without the option the project is one that the tests refer to.
        if (isThere && parsed.GetValue(s_project) is { } project && had?.Files.Contains(agent!.File) is not true)
            Console.Out.WriteLine($"next: dotnet add {NextCommands.Quoted(tests)} reference {NextCommands.Quoted(project)}");
        TestRunner.TellHowToTest(tests);
    }

    // With all that says what is captured, and what is redacted.
    private static string CaptureAlone(ParseResult parsed, string from, string fixture)
    {
        string[] others = ["--from", s_agent.Name, s_driver.Name, s_project.Name, s_start.Name, s_settings.Healthy.Name];
        var words = parsed.Tokens.Skip(1).ToList();
        for (var at = words.Count - 2; at >= 0; at--)
            if (words[at].Type is TokenType.Option && others.Contains(words[at].Value, StringComparer.Ordinal))
                words.RemoveRange(at, 2);
        words.RemoveAt(words.FindIndex(t => t.Type is TokenType.Argument && t.Value == parsed.GetRequiredValue(s_incident)));
        string[] all = ["capture", from, .. words.Select(t => t.Value), "--out", fixture];
        return $"replay-harness {string.Join(' ', all.Select(w => NextCommands.Quoted(Secret.Hide(w))))}";
    }

    // The project that is named, or those that the tests refer to.
    private static AgentProject? AgentOf(ParseResult parsed, string tests) =>
        parsed.GetValue(s_project) is { } project ? AgentProject.Of(project)
        : AgentProject.OfTests(tests) is { } referred ? referred
        : parsed.GetValue(s_start) is { } start
            ? throw new BadInputException($"--start {start}: which project is the agent's? Add --project PATH")
        : null;

    private static void Tell(IncidentScaffold scaffold, Fixture fixture, AgentDriver? driver)
    {
        CaptureCommand.Tell(scaffold.Fixture, fixture);
        foreach (var file in scaffold.Written)
            Console.Out.WriteLine($"wrote {file}");
        if (driver is { Starts: { } starts })
            Console.Out.WriteLine($"the driver starts {starts}");
        else if (driver is { Candidates.Count: > 0 })
            Console.Out.WriteLine(
                $"a loop stands in for the agent; name it in its driver, or write it anew with --start: "
                    + string.Join(", ", driver.Candidates)
            );
        else if (driver is not null)
            Console.Out.WriteLine("a loop stands in for the agent; name it in its driver");
    }
}
