using System.CommandLine;
using System.Text.Json;
using ReplayHarness.Cli.Fleet;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>
/// The main job: every incident's fixture against each of its agents, compared with what its <c>expected.json</c> states.
/// </summary>
internal static class ReplaysCommand
{
    private const int MostTold = 20;

    public static Command Create()
    {
        var folder = new Argument<string>("replays")
        {
            Description = "The folder that holds a folder with expected.json for each incident.",
        };
        var incident = new Argument<string?>("incident") { Description = "Only this incident.", Arity = ArgumentArity.ZeroOrOne };
        var assembly = new Option<string>("--assembly") { Description = "The assembly that holds the drivers.", Required = true };
        var agent = new Option<string?>("--agent") { Description = "Only this agent." };
        var fleet = new FleetOptions();
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("replays", "Replays every fixture against its agents; exits 0 when each verdict is the expected one.")
        {
            folder,
            incident,
            assembly,
            agent,
            json,
        };
        fleet.AddTo(command);
        command.SetAction(
            async (parsed, token) =>
            {
                var jobs = FleetJobs.Of(parsed.GetRequiredValue(folder), parsed.GetValue(incident), parsed.GetValue(agent));
                var run = fleet.Of(parsed, parsed.GetRequiredValue(assembly), jobs);
                return run.Plan is { } plan ? Tell(plan, parsed.GetValue(json)) : await RunAsync(run, parsed.GetValue(json), token);
            }
        );
        return command;
    }

    private static int Tell(FleetPlan plan, bool json)
    {
        Console.Out.Write(json ? plan.Json() + "\n" : plan.Text());
        return (int)ExitCode.Ok;
    }

    private static async Task<int> RunAsync(FleetOptions.Chosen run, bool json, CancellationToken token)
    {
        var rows = new List<FleetRow>();
        var told = 0;
        await foreach (var row in run.Run.RunAsync(run.Jobs, token))
        {
            rows.Add(row);
            // An incident is told when its last agent is there.
            if (!json && (rows.Count == run.Jobs.Count || run.Jobs[rows.Count].Incident != row.Job.Incident))
            {
                ProgressLine.Clear();
                await Console.Out.WriteAsync(FleetText.Of(rows[told..]));
                told = rows.Count;
            }
        }
        ProgressLine.Clear();
        if (json)
            await Console.Out.WriteAsync(FleetJson.Of(rows) + "\n");
        return Tell(rows);
    }

    /// <summary>Says on standard error what could not be run; gives the exit code.</summary>
    public static int Tell(IReadOnlyList<FleetRow> rows)
    {
        FleetRow[] failed = [.. rows.Where(r => r is { Report: null, IsStopped: false })];
        foreach (var row in failed.Take(MostTold))
            Console.Error.WriteLine($"replay-harness: {row.Job.Name}: {row.Error}");
        if (failed.Length > MostTold)
            Console.Error.WriteLine($"replay-harness: {failed.Length - MostTold} more jobs could not be run");
        var stopped = rows.Count(r => r.IsStopped);
        if (stopped > 0)
            Console.Error.WriteLine($"replay-harness: stopped: {stopped} of {rows.Count} jobs were not run to their end");
        var code = FleetRow.CodeOf(rows);
        if (code != ExitCode.Ok)
            Console.Error.WriteLine($"rerun: {Invocation.Again()}");
        return (int)code;
    }
}
