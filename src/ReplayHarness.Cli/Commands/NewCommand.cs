using System.CommandLine;
using ReplayHarness.Cli.Scaffolding;
using ReplayHarness.Diagnosis;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>From the trace of a failed run to a test that fails.</summary>
internal static class NewCommand
{
    private static readonly Argument<string> s_incident = new("incident") { Description = "The incident's name, in kebab-case." };
    private static readonly Option<string?> s_trace = new("--trace") { Description = "The trace id of the one attempt." };
    private static readonly Option<string?> s_where = Where.Option();
    private static readonly Option<string> s_agent = new("--agent")
    {
        Description = "The folder of the test project; where it holds none, one is made.",
        Required = true,
    };
    private static readonly Option<string?> s_driver = new("--driver")
    {
        Description = "The full name of a driver that the project has; one is written where it is left out.",
    };
    private static readonly Option<string?> s_healthy = new("--healthy")
    {
        Description = "A source that shows the calls that failed as they go when nothing is wrong.",
    };
    private static readonly Option<string[]> s_keep = Redactions.KeepOption();
    private static readonly Option<string[]> s_redact = Redactions.PatternOption();

    public static Command Create()
    {
        var source = new Source("--from");
        var command = new Command("new", "Captures the fixture of an incident and writes its test, which fails until the agent is mended.")
        {
            s_incident,
            s_trace,
            s_where,
            s_agent,
            s_driver,
            s_healthy,
            s_keep,
            s_redact,
        };
        source.AddTo(command);
        command.Validators.Add(result =>
        {
            Redactions.Validate(result, s_keep, s_redact);
            if ((result.GetValue(s_trace) is null) == (result.GetValue(s_where) is null))
                result.AddError("new needs one of --trace ID and --where KEY=VALUE");
        });
        command.SetAction(parsed => Run(source, parsed));
        return command;
    }

    private static void Run(Source source, ParseResult parsed)
    {
        var project = parsed.GetRequiredValue(s_agent);
        var scaffold = new IncidentScaffold(parsed.GetRequiredValue(s_incident), project, parsed.GetValue(s_driver));
        scaffold.Check();
        var (traces, selected) = CaptureCommand.Select(source, parsed, parsed.GetValue(s_trace), parsed.GetValue(s_where));
        var fixture = FixtureCapture
            .Write(
                scaffold.Fixture,
                traces,
                new CaptureOptions
                {
                    Selected = selected,
                    Healthy = parsed.GetValue(s_healthy) is { } h ? Source.Load(h) : [],
                    Redaction = Redactions.Options(parsed.GetValue(s_keep), parsed.GetValue(s_redact), []),
                }
            )
            .Fixture;
        scaffold.Write(fixture);
        Tell(scaffold, fixture, project);
    }

    private static void Tell(IncidentScaffold scaffold, Fixture fixture, string project)
    {
        CaptureCommand.Tell(scaffold.Fixture, fixture);
        foreach (var file in scaffold.Written)
            Console.Out.WriteLine($"wrote {file}");
        Console.Out.WriteLine($"next: dotnet test --project {NextCommands.Quoted(project)}");
    }
}
