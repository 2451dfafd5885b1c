using System.CommandLine;
using ReplayHarness.Evidence;
using ReplayHarness.Fixtures;
using ReplayHarness.Reports.Page;

namespace ReplayHarness.Cli.Commands;

/// <summary>One HTML file about an incident, for people who were not there.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var fixture = new Argument<string>("fixture") { Description = "The fixture's folder." };
        var broken = new Option<string?>("--broken") { Description = "DLL[:TYPE]: the agent as it failed." };
        var mended = new Option<string?>("--fixed") { Description = "DLL[:TYPE]: the mended agent." };
        var agent = new Option<string?>("--agent") { Description = "DLL[:TYPE]: an agent of which it is not said whether it is mended." };
        var output = new Option<string>("--out") { Description = "The file to write.", DefaultValueFactory = _ => "report.html" };
        var options = new RunOptions();
        var command = new Command(
            "report",
            "One HTML file without any network: the captured run beside its replays, the verdicts, and what every call said."
        )
        {
            fixture,
            agent,
            broken,
            mended,
            output,
        };
        options.AddTo(command);
        command.SetAction(
            async (parsed, token) =>
            {
                var folder = Mending.Load(parsed.GetRequiredValue(fixture));
                List<ReplayedAgent> agents = [];
                foreach (var (label, option) in new[] { ("agent", agent), ("broken", broken), ("fixed", mended) })
                {
                    if (parsed.GetValue(option) is not { } named)
                        continue;
                    var report = await RunCommand.ReplayAsync(
                        parsed.GetRequiredValue(fixture),
                        RunCommand.AgentOf(named),
                        options.Of(parsed),
                        token
                    );
                    agents.Add(new(label, RunCommand.Worded(report, expect: null)));
                }
                Write(parsed.GetValue(output)!, folder, agents, Console.Out);
                return (int)ExitCode.Ok;
            }
        );
        return command;
    }

    /// <summary>Writes the file, whole or not at all, and says so.</summary>
    public static void Write(string file, FixtureFolder folder, IReadOnlyList<ReplayedAgent> agents, TextWriter said)
    {
        WholeFile.Write(file, ReportPage.Of(folder, agents));
        said.WriteLine($"{file}: open it in a browser");
    }
}
