using System.CommandLine;
using ReplayHarness.Running;

namespace ReplayHarness.Cli.Commands;

/// <summary>The smallest fixture that still shows the failure.</summary>
internal static class MinimizeCommand
{
    public static Command Create()
    {
        var fixture = new Argument<string>("fixture") { Description = "The fixture's folder." };
        var agent = new Option<string>("--agent")
        {
            Description = "DLL[:TYPE]: the assembly that holds the driver, and the driver.",
            Required = true,
        };
        var output = new Option<string>("--out") { Description = "The folder to write.", Required = true };
        var hypothesis = new Option<string[]>("--hypothesis")
        {
            Description = "Only this hypothesis must still be reproduced; may be repeated.",
        };
        var command = new Command("minimize", "The smallest fixture with which the agent still shows the failure.")
        {
            fixture,
            agent,
            output,
            hypothesis,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                var target = parsed.GetRequiredValue(output);
                Mending.BeforeReading(parsed.GetRequiredValue(fixture));
                Mending.BeforeWriting(target);
                var smaller = RunCommand.AgentOf(parsed.GetRequiredValue(agent));
                var replay = new ReplayOptions { Hypotheses = parsed.GetValue(hypothesis) ?? [] };
                var minimized = await new Minimizer(parsed.GetRequiredValue(fixture), smaller, replay).WriteAsync(target);
                await Console.Out.WriteAsync(
                    $"{target}: attempts {Text(minimized.Attempts)}, calls {Text(minimized.Calls)}, results "
                        + $"{Text(minimized.Results)}; {minimized.Tried} smaller fixtures replayed\n"
                );
                await Console.Out.WriteAsync($"rerun: {Invocation.Of(smaller.JobOf(target, replay), "reproduced")}\n");
                return 0;
            }
        );
        return command;
    }

    private static string Text((int Before, int After) change) => $"{change.Before} -> {change.After}";
}
