using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ReplayHarness.Diagnosis;
using ReplayHarness.Fixtures;
using ReplayHarness.Server.Recording;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Cli.Commands;

/// <summary>From one real run to a fixture, straight from the wire.</summary>
internal static class RecordCommand
{
    private const string McpVariable = "MCP_SERVER_URL";

    private static readonly Option<string> s_output = new("--out")
    {
        Description = "The fixture's folder; its name is the incident's name.",
        Required = true,
    };
    private static readonly NameValues s_upstream = new(
        "--upstream",
        "HOST=URL",
        ": where the host really is, that the agent asks for as {url}/http/HOST; https://HOST where only --env names it.",
        IsUrl
    );
    private static readonly NameValues s_env = new(
        "--env",
        "NAME=VALUE",
        ", set for the agent; {url} stands for the address that records."
    );
    private static readonly Option<string?> s_healthy = new("--healthy")
    {
        Description = "A source that shows the calls that failed as they go when nothing is wrong.",
    };
    private static readonly Option<int> s_port = new("--port") { Description = "The port on loopback; 0 takes a free one." };
    private static readonly Option<double> s_deadline = new("--deadline")
    {
        Description = "The most seconds that the run may take.",
        DefaultValueFactory = _ => 600,
    };
    private static readonly Option<string[]> s_keep = Redactions.KeepOption();
    private static readonly Option<string[]> s_redact = Redactions.PatternOption();
    private static readonly Option<string[]> s_rules = Redactions.RulesOption();
    private static readonly Option<string[]> s_names = Redactions.NamesOption();
    private static readonly Option<bool> s_verbose = new("--verbose") { Description = "Tells of each request in one line." };

    public static Command Create()
    {
        var agent = new Argument<string[]>("command")
        {
            Description = "After --: the agent's program and its arguments.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "record",
            $"Runs an agent against its real endpoints ({string.Join(", ", WireFormats.Addresses.Select(a => a.Variable))}, {McpVariable}) "
                + $"and makes a fixture of what crosses the wire."
        )
        {
            agent,
        };
        foreach (var option in (Option[])[s_output, s_healthy, s_port, s_deadline, s_keep, s_redact, s_rules, s_names, s_verbose])
            command.Options.Add(option);
        s_upstream.AddTo(command);
        s_env.AddTo(command);
        command.Validators.Add(Validate);
        command.SetAction((parsed, token) => RunAsync(parsed, parsed.GetRequiredValue(agent), token));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string[] words, CancellationToken token)
    {
        var folder = parsed.GetRequiredValue(s_output);
        Mending.BeforeWriting(folder);
        IReadOnlyList<Trace> healthy = parsed.GetValue(s_healthy) is { } source ? Source.Load(source) : [];
        var recording = await Recorder
            .RunAsync(
                new RecordOptions
                {
                    Command = words,
                    Clock = RealTime.Clock,
                    Models = WireFormats.Addresses.ToDictionary(
                        a => a.Variable,
                        a => Variable(a.Variable, a.Real(Environment.GetEnvironmentVariable)),
                        StringComparer.Ordinal
                    ),
                    Mcp = Environment.GetEnvironmentVariable(McpVariable) is { Length: > 0 } ? Variable(McpVariable, "") : null,
                    Hosts = s_upstream.Of(parsed).ToDictionary(p => p.Key, p => new Uri(p.Value), StringComparer.Ordinal),
                    Environment = s_env.Of(parsed),
                    Port = parsed.GetValue(s_port),
                    Deadline = TimeSpan.FromSeconds(parsed.GetValue(s_deadline)),
                    Log = parsed.GetValue(s_verbose) ? line => Console.Error.WriteLine(line) : null,
                },
                token
            )
            .ConfigureAwait(false);
        Tell(
            folder,
            recording,
            RecordedFixture.Write(folder, recording, healthy, Redactions.Options(parsed, s_keep, s_redact, s_rules, s_names)),
            token.IsCancellationRequested
        );
        return (int)(recording.ExitCode is not null ? ExitCode.Ok : ExitCode.NotEstablished);
    }

    private static void Tell(string folder, Recording recording, FixtureFolder? fixture, bool isStopped)
    {
        foreach (var left in recording.LeftOut)
            Console.Error.WriteLine($"replay-harness: {left}");
        if (recording.ExitCode is null)
        {
            var waited = recording.Pending.Count > 0 ? $" while it waited for {string.Join(", ", recording.Pending)}" : "";
            Console.Error.WriteLine(
                $"replay-harness: the agent had not ended when {(isStopped ? "this command was stopped" : "the deadline passed")}, and was "
                    + $"ended{waited}; what it did until then is recorded. Where it only needs longer, "
                    + (isStopped ? "record it again" : "raise --deadline")
            );
        }
        if (fixture is null)
        {
            Console.Out.WriteLine(
                $"{folder}: nothing went wrong in this run (exit code {recording.ExitCode}): its trace is kept, which shows how "
                    + $"calls go when they are healthy (capture … --healthy {Path.Combine(folder, "traces.otlp.jsonl")})"
            );
            return;
        }
        CaptureCommand.Tell(folder, fixture.Fixture);
        Console.Out.WriteLine($"next: replay-harness drive {NextCommands.Quoted(folder)} -- COMMAND");
    }

    private static Uri Variable(string name, string otherwise)
    {
        var value = Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : otherwise;
        return IsUrl(value) ? new Uri(value) : throw new BadInputException($"{name}={value}: expected http://HOST or https://HOST");
    }

    private static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private static void Validate(CommandResult result)
    {
        Redactions.Validate(result, s_keep, s_redact);
        if (result.GetResult(s_deadline) is not null && result.GetValue(s_deadline) is not (> 0 and <= 86_400))
            result.AddError(
                $"--deadline {result.GetValue(s_deadline).ToString(CultureInfo.InvariantCulture)}: expected seconds above 0, to 86400"
            );
        if (result.GetValue(s_port) is < 0 or > 65535)
            result.AddError($"--port {result.GetValue(s_port)}: expected a port, 0 to 65535");
    }
}
