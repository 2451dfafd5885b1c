using System.CommandLine;
using System.Text.Json;
using ReplayHarness.Cli.Fleet;
using ReplayHarness.Judging;
using ReplayHarness.Reports;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>One replay job and its verdict.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var fixture = new Argument<string>("fixture") { Description = "The fixture's folder." };
        var agent = AgentOption();
        var options = new RunOptions();
        var ranges = new RangeOptions();
        var write = new Option<string?>("--write-schedule")
        {
            Description = "Writes the failing schedule that departs least from the captured one.",
        };
        var expect = new Option<string?>("--expect") { Description = "Exit 0 on this verdict instead of removed." };
        expect.CompletionSources.Add([.. VerdictNames.All]);
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("run", "Replays a fixture against an agent; exits 0 only when the failure is removed.")
        {
            fixture,
            agent,
        };
        options.AddTo(command);
        options.AddStepsTo(command);
        ranges.AddTo(command);
        options.RefuseUndivided(command, ranges.IsGiven);
        foreach (var option in (Option[])[write, expect, json])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(write) is not null && options.TellsSteps(result))
                result.AddError("--write-schedule writes the nearest schedule that fails, of all that run; leave out --steps and --choose");
            if (ranges.IsGiven(result) && (result.GetValue(write) is not null || result.GetValue(json)))
                result.AddError("--range: keeps what it shows in --results, for merge; leave out --json and --write-schedule");
            if (result.GetValue(expect) is { } e && VerdictNames.Parse(e) is null)
                result.AddError($"--expect {e}: expected one of {string.Join(", ", VerdictNames.All)}");
        });
        command.SetAction(
            async (parsed, token) =>
            {
                var which = AgentOf(parsed.GetRequiredValue(agent));
                var how = options.Of(parsed) with { Range = ranges.Of(parsed) };
                if (how.Range is not null)
                {
                    var job = which.JobOf(parsed.GetRequiredValue(fixture), how);
                    var kept = ranges.FolderOf(parsed);
                    return (int)await RangeRun.RunAsync(job, parsed.GetValue(expect), kept, ranges.IsFresh(parsed), token);
                }
                var report = await ReplayAsync(parsed.GetRequiredValue(fixture), which, how, token);
                if (options.TellsSteps(parsed) && !parsed.GetValue(json))
                    await Console.Out.WriteAsync(StepsText.Of(report));
                if (parsed.GetValue(write) is { } file)
                    WriteSchedule(report, file);
                return Tell(Worded(report, parsed.GetValue(expect)), parsed.GetValue(expect), parsed.GetValue(json));
            }
        );
        return command;
    }

    /// <summary>The agent.</summary>
    public static Option<string> AgentOption() =>
        new("--agent") { Description = "DLL[:TYPE]: the assembly that holds the driver, and the driver.", Required = true };

    /// <summary>The exit code of a verdict, given the one that was expected.</summary>
    public static ExitCode CodeOf(VerdictKind actual, VerdictKind expected) =>
        actual == expected
            ? ExitCode.Ok
            : actual switch
            {
                VerdictKind.Diverged => ExitCode.Diverged,
                VerdictKind.NotEstablished => ExitCode.NotEstablished,
                _ => ExitCode.Failure,
            };

    /// <summary>The agent of DLL[:TYPE].</summary>
    public static Agent AgentOf(string text)
    {
        var (dll, type) = SplitAgent(text);
        return Agent.InAssembly(dll, type);
    }

    /// <summary>What a replay shows; progress on a terminal.</summary>
    public static async Task<ReplayReport> ReplayAsync(string fixture, Agent agent, ReplayOptions options, CancellationToken token)
    {
        Mending.BeforeReading(fixture);
        var report = await Replayer.RunAsync(fixture, agent, options, ProgressLine.OnTerminal(), token);
        ProgressLine.Clear();
        return report;
    }

    /// <summary>A report with the command that shows it again, as it can be typed here.</summary>
    public static ReplayReport Worded(ReplayReport report, string? expect) =>
        report with
        {
            Rerun = report.Job.Command is null ? Invocation.Of(report.Job, expect) : Invocation.Again(),
        };

    /// <summary>Prints a report; gives the exit code.</summary>
    public static int Tell(ReplayReport report, string? expect, bool json)
    {
        if (json)
            Console.Out.Write(JsonSerializer.Serialize(report.WithoutTraces(), ReportJson.Indented.ReplayReport) + "\n");
        else
            Console.Out.Write($"{ReportText.Of(report, RemedyWords.Of)}rerun: {report.Rerun}\n");
        return (int)CodeOf(report.Verdict, expect is null ? VerdictKind.Removed : VerdictNames.Parse(expect)!.Value);
    }

    private static void WriteSchedule(ReplayReport report, string file)
    {
        var example =
            report
                .Hypotheses.Where(h => h.Counts)
                .Concat(report.Hypotheses)
                .Select(h => h.Explanation?.Example)
                .FirstOrDefault(e => e is not null)
            ?? throw new BadInputException($"--write-schedule {file}: no schedule failed, so there is none to write");
        File.WriteAllText(file, example.ToText());
        Console.Error.WriteLine($"{file}: {example.Steps.Count} steps under {example.Hypothesis}");
    }

    // A colon also stands after a Windows drive letter.
    public static (string Dll, string? Type) SplitAgent(string agent)
    {
        var at = agent.LastIndexOf(':');
        return at > 1 ? (agent[..at], agent[(at + 1)..]) : (agent, null);
    }
}
