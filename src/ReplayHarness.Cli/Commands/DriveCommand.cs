using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Server.Driving;

namespace ReplayHarness.Cli.Commands;

/// <summary>One replay job of an agent in another process, and its verdict.</summary>
internal static class DriveCommand
{
    private static readonly Option<double> s_scale = new("--time-scale")
    {
        Description = "Real seconds for each captured second of the mocks.",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<bool> s_fakeTime = new("--faketime")
    {
        Description = "Scales the agent's clock, time-outs and pauses too, with libfaketime where that is installed.",
    };
    private static readonly Option<double> s_deadline = new("--deadline")
    {
        Description = "The most seconds that one schedule may take, in real time.",
        DefaultValueFactory = _ => 60,
    };
    private static readonly Option<int> s_settle = new("--settle")
    {
        Description = "Milliseconds of quiet before the next response is chosen.",
        DefaultValueFactory = _ => 60,
    };
    private static readonly Option<int> s_port = new("--port") { Description = "The port of the mocks on loopback; 0 takes a free one." };
    private static readonly NameValues s_env = new(
        "--env",
        "NAME=VALUE",
        ", set for the agent; {url} stands for the address of the mocks."
    );
    private static readonly Option<bool> s_verbose = new("--verbose") { Description = "Tells of each request in one line." };
    private static readonly Option<string?> s_expect = new("--expect") { Description = "Exit 0 on this verdict instead of removed." };
    private static readonly Option<string?> s_report = new("--report")
    {
        Description = "Also writes one HTML file: the captured run beside the replays, and what every call said.",
    };
    private static readonly Option<bool> s_json = new("--json") { Description = "One JSON document on standard output." };

    public static Command Create()
    {
        var fixture = new Argument<string>("fixture") { Description = "The fixture's folder." };
        var agent = new Argument<string[]>("command")
        {
            Description = "After --: the agent's program and its arguments.",
            Arity = ArgumentArity.OneOrMore,
        };
        var exploring = new RunOptions();
        var command = new Command(
            "drive",
            "Replays a fixture against an agent in another process or language; exits 0 only when the failure is removed."
        )
        {
            fixture,
            agent,
        };
        exploring.AddOutOfProcessTo(command);
        foreach (var option in (Option[])[s_scale, s_fakeTime, s_deadline, s_settle, s_port, s_verbose, s_expect, s_report, s_json])
            command.Options.Add(option);
        s_env.AddTo(command);
        command.Validators.Add(Validate);
        command.SetAction(
            (parsed, token) =>
            {
                var words = parsed.GetRequiredValue(agent);
                return RunAsync(
                    parsed,
                    parsed.GetRequiredValue(fixture),
                    Agent.Command(OptionsOf(parsed), words[0], words[1..]),
                    exploring.Of(parsed),
                    token
                );
            }
        );
        return command;
    }

    private static DriveOptions OptionsOf(ParseResult parsed) =>
        new()
        {
            Port = parsed.GetValue(s_port),
            TimeScale = parsed.GetValue(s_scale),
            Deadline = TimeSpan.FromSeconds(parsed.GetValue(s_deadline)),
            Settle = TimeSpan.FromMilliseconds(parsed.GetValue(s_settle)),
            FakeTime = parsed.GetValue(s_fakeTime) ? FakeTimeLibrary.Find() : null,
            Environment = s_env.Of(parsed),
            Log = parsed.GetValue(s_verbose) ? line => Console.Error.WriteLine(line) : null,
        };

    private static async Task<int> RunAsync(ParseResult parsed, string fixture, Agent agent, ReplayOptions options, CancellationToken token)
    {
        var report = RunCommand.Worded(await RunCommand.ReplayAsync(fixture, agent, options, token), expect: null);
        if (parsed.GetValue(s_report) is { } page)
            ReportCommand.Write(page, FixtureFolder.Load(fixture), [new("agent", report)], Console.Error);
        return RunCommand.Tell(report, parsed.GetValue(s_expect), parsed.GetValue(s_json));
    }

    private static void Validate(CommandResult result)
    {
        // What is not given has its default, which validators do not see.
        if (result.GetResult(s_scale) is not null && result.GetValue(s_scale) is not (>= 0.001 and <= 1000))
            result.AddError($"--time-scale {result.GetValue(s_scale).ToString(CultureInfo.InvariantCulture)}: expected 0.001 to 1000");
        if (result.GetResult(s_deadline) is not null && result.GetValue(s_deadline) is not (> 0 and <= 86_400))
            result.AddError(
                $"--deadline {result.GetValue(s_deadline).ToString(CultureInfo.InvariantCulture)}: expected seconds above 0, to 86400"
            );
        if (result.GetResult(s_settle) is not null && result.GetValue(s_settle) is not (>= 1 and <= 60_000))
            result.AddError($"--settle {result.GetValue(s_settle)}: expected 1 to 60000 milliseconds");
        if (result.GetValue(s_port) is < 0 or > 65535)
            result.AddError($"--port {result.GetValue(s_port)}: expected a port, 0 to 65535");
        if (result.GetValue(s_expect) is { } e && VerdictNames.Parse(e) is null)
            result.AddError($"--expect {e}: expected one of {string.Join(", ", VerdictNames.All)}");
    }
}
