using System.CommandLine;
using ReplayHarness.Cli.Demo;

namespace ReplayHarness.Cli.Commands;

/// <summary>The whole way, from the trace of a failed run to a closed incident, on an agent that the demo brings.</summary>
internal static class DemoCommand
{
    private const string Report = "report.html",
        Left = "replay-harness-demo.html";

    public static Command Create()
    {
        var keep = new Option<string?>("--keep")
        {
            Description = "A new folder that keeps the agent, its trace and what was made; left out, only the report is left here.",
        };
        var command = new Command(
            "demo",
            "The whole way on an agent that it brings, without any network: a failed run, its replay, the fix, the closed incident."
        )
        {
            keep,
        };
        command.SetAction((parsed, token) => RunAsync(parsed.GetValue(keep), token));
        return command;
    }

    private static async Task<int> RunAsync(string? keep, CancellationToken token)
    {
        await DemoSdk.CheckAsync(Directory.GetCurrentDirectory(), token);
        using var folder = DemoFolder.Write(keep);
        await new DemoStory(folder.Path).PlayAsync(token);
        if (keep is null)
            File.Copy(Path.Combine(folder.Path, Report), Left, overwrite: true);
        await Console.Out.WriteAsync(Farewell(keep));
        return (int)ExitCode.Ok;
    }

    private static string Farewell(string? keep) =>
        keep is null
            ? $"\nThe report of both replays is here: {Left}\n"
                + "To type these commands yourself: replay-harness demo --keep lamp-desk\n"
            : $"\nThe report of both replays is {Path.Combine(keep, Report)}\n"
                + $"Everything is in {keep}: type these commands there yourself. Put the old line back, and the failure is back.\n";
}
