using System.CommandLine;
using ReplayHarness.Cli.Scaffolding;
using ReplayHarness.Diagnosis;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>From the trace of a failed run to a test that fails.</summary>
internal static class NewCommand
{
    public static Command Create()
    {
        var incident = new Argument<string>("incident") { Description = "The incident's name, in kebab-case." };
        var source = new Source("--from");
        var trace = new Option<string?>("--trace") { Description = "The trace id of the one attempt." };
        var where = Where.Option();
        var agent = new Option<string>("--agent")
        {
            Description = "The folder of the test project; where it holds none, one is made.",
            Required = true,
        };
        var driver = new Option<string?>("--driver")
        {
            Description = "The full name of a driver that the project has; one is written where it is left out.",
        };
        var healthy = new Option<string?>("--healthy")
        {
            Description = "A source that shows the calls that failed as they go when nothing is wrong.",
        };
        var (keep, redact) = (Redactions.KeepOption(), Redactions.PatternOption());
        var command = new Command("new", "Captures the fixture of an incident and writes its test, which fails until the agent is mended.")
        {
            incident,
            trace,
            where,
            agent,
            driver,
            healthy,
            keep,
            redact,
        };
        source.AddTo(command);
        command.Validators.Add(result =>
        {
            Redactions.Validate(result, keep, redact);
            if ((result.GetValue(trace) is null) == (result.GetValue(where) is null))
                result.AddError("new needs one of --trace ID and --where KEY=VALUE");
        });
        command.SetAction(parsed =>
        {
            var scaffold = new IncidentScaffold(parsed.GetRequiredValue(incident), parsed.GetRequiredValue(agent), parsed.GetValue(driver));
            scaffold.Check();
            var (traces, selected) = CaptureCommand.Select(source, parsed, parsed.GetValue(trace), parsed.GetValue(where));
            var redactor = new Redactor(Redactions.Options(parsed.GetValue(keep), parsed.GetValue(redact), []));
            var fixture = CaptureCommand.Write(
                traces,
                selected,
                scaffold.Fixture,
                parsed.GetValue(healthy) is { } h ? Source.Load(h) : [],
                redactor
            );
            scaffold.Write(fixture);
            Tell(scaffold, fixture, parsed.GetRequiredValue(agent));
        });
        return command;
    }

    private static void Tell(IncidentScaffold scaffold, Fixture fixture, string project)
    {
        CaptureCommand.Tell(scaffold.Fixture, fixture);
        foreach (var file in scaffold.Written)
            Console.Out.WriteLine($"wrote {file}");
        Console.Out.WriteLine($"next: dotnet test --project {NextCommands.Quoted(project)}");
    }
}
