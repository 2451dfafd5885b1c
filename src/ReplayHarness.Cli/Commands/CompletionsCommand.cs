using System.CommandLine;

namespace ReplayHarness.Cli.Commands;

/// <summary>
/// What a shell loads to complete commands and options. The shell asks this tool, so that it never names what is not there.
/// </summary>
internal static class CompletionsCommand
{
    private static readonly string[] s_shells = ["bash", "zsh", "fish", "powershell"];

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = $"{string.Join(", ", s_shells)}." };
        shell.CompletionSources.Add(s_shells);
        var command = new Command("completions", "What a shell loads to complete commands and options; its first lines say how.")
        {
            shell,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(shell) is { } name && !s_shells.Contains(name))
                result.AddError($"completions {name}: expected {string.Join(", ", s_shells)}");
        });
        command.SetAction(parsed => Console.Out.Write(Script(parsed.GetRequiredValue(shell))));
        return command;
    }

    private static string Script(string shell)
    {
        using var stream = typeof(CompletionsCommand).Assembly.GetManifestResourceStream($"completions/{shell}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
