using System.CommandLine;
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
        var agent = new Option<string>("--agent")
        {
            Description = "DLL[:TYPE]: the assembly that holds the driver, and the driver.",
            Required = true,
        };
        var options = new RunOptions();
        var write = new Option<string?>("--write-schedule")
        {
            Description = "Writes the failing schedule that departs least from the captured one.",
        };
        var expect = new Option<string?>("--expect") { Description = "Exit 0 on this verdict instead of removed." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("run", "Replays a fixture against an agent; exits 0 only when the failure is removed.")
        {
            fixture,
            agent,
        };
        options.AddTo(command);
        foreach (var option in (Option[])[write, expect, json])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(expect) is { } e && VerdictNames.Parse(e) is null)
                result.AddError($"--expect {e}: expected one of {string.Join(", ", VerdictNames.All)}");
        });
        command.SetAction(
            async (parsed, token) =>
            {
                var (dll, type) = SplitAgent(parsed.GetRequiredValue(agent));
                var job = options.JobOf(parsed, parsed.GetRequiredValue(fixture), dll, type);
                return await RunAsync(job, parsed.GetValue(expect), parsed.GetValue(write), parsed.GetValue(json), token);
            }
        );
        return command;
    }

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

    private static async Task<int> RunAsync(ReplayJob job, string? expect, string? write, bool json, CancellationToken token)
    {
        // Loaded here first, so that a mistake in the fixture needs no process to be found.
        var fixture = Fixtures.FixtureFolder.Load(job.Fixture).Fixture;
        var report = await ReplayAsync(job, token);
        var rerun = Invocation.Of(job, expect);
        if (write is not null)
            WriteSchedule(report, write);
        if (json)
            JsonOut.Write(ReportDocument.ToJson(report, rerun, fixture));
        else
            await Console.Out.WriteAsync($"{ReportText.Of(report)}rerun: {rerun}\n");
        return (int)CodeOf(report.Verdict, expect is null ? VerdictKind.Removed : VerdictNames.Parse(expect)!.Value);
    }

    /// <summary>What a job shows, replayed in a host of its own.</summary>
    public static async Task<ReplayReport> ReplayAsync(ReplayJob job, CancellationToken token)
    {
        using var host = ReplayHost.Start(job.Assembly);
        var report = await host.RunAsync(job, ProgressLine.OnTerminal(), token);
        ProgressLine.Clear();
        // Paths as they were given: evidence is read on other machines.
        return report with { Job = job };
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
