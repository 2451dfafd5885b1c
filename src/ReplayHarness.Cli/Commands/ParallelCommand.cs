using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Running.Together;

namespace ReplayHarness.Cli.Commands;

/// <summary>Which tool calls of a healthy run may run at once.</summary>
internal static class ParallelCommand
{
    public static Command Create()
    {
        var source = new Source();
        // Of a run in which nothing went wrong.
        var selection = new Selection();
        var agent = RunCommand.AgentOption();
        var http = new Option<string?>("--http")
        {
            Description = "A folder with authored responses of the agent's backend, like the folder http of a fixture.",
        };
        var options = new RunOptions();
        var command = new Command(
            "parallel",
            "Which tools may run at once: replays a healthy run with the calls of each turn at once; exits 0 only when all may."
        )
        {
            agent,
            http,
        };
        selection.AddTo(command);
        source.AddTo(command);
        options.AddOfOrdersTo(command);
        command.SetAction(
            async (parsed, token) =>
            {
                using var check = new ParallelCheck(
                    selection.LoadOne(source, parsed, "one run is replayed"),
                    parsed.GetValue(http),
                    RunCommand.AgentOf(parsed.GetRequiredValue(agent)),
                    options.Of(parsed)
                );
                var report = await check.RunAsync(ProgressLine.OnTerminal(), token);
                ProgressLine.Clear();
                return (int)Tell(report, parsed.GetValue(source.Json));
            }
        );
        return command;
    }

    private static ExitCode Tell(ParallelReport report, bool json)
    {
        if (json)
            JsonOut.Write(report, ParallelJson.Readable.ParallelReport);
        else
            Console.Out.Write(ParallelText.Of(report));
        return report.Verdict switch
        {
            ParallelVerdict.Safe => ExitCode.Ok,
            ParallelVerdict.Unsafe => ExitCode.Failure,
            ParallelVerdict.Diverged => ExitCode.Diverged,
            _ => ExitCode.NotEstablished,
        };
    }
}
