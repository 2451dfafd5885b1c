using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ReplayHarness.Cli;

/// <summary>What --help says: of the tool its commands in groups, of a command its options and one real use of it.</summary>
internal sealed class CommandHelp : SynchronousCommandLineAction
{
    private const string Usage = "Usage:\n  replay-harness COMMAND [options]\n";

    private readonly HelpAction _usual;

    private CommandHelp(HelpAction usual) => _usual = usual;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Puts it into a command line.</summary>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new CommandHelp((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command is RootCommand)
            output.Write(OfTool(command));
        else
        {
            var code = _usual.Invoke(parseResult);
            var row = CommandTable.Rows.Single(r => r.Name == command.Name);
            output.Write($"Example:\n  replay-harness {row.Name} {row.Example}\n");
            return code;
        }
        return 0;
    }

    private string OfTool(Command tool) =>
        $"{tool.Description}\n\n{Usage}\n"
        + Section("Begin with", tool, CommandTable.First)
        + string.Concat(
            Enum.GetValues<CommandGroup>()
                .Select(group =>
                    Section(Title(group), tool, [.. CommandTable.Rows.Where(r => r.Group == group).Select(r => r.Name)])
                )
        )
        + "replay-harness COMMAND --help tells the options of a command, with an example; --version the version of the tool.\n";

    private string Section(string title, Command tool, IReadOnlyList<string> names) =>
        $"{title}:\n{string.Concat(names.Select(name => Row(name, tool.Subcommands.Single(c => c.Name == name).Description!)))}\n";

    // As wide as the terminal is; where there is none, one line.
    private string Row(string name, string description)
    {
        var left = CommandTable.Rows.Max(r => r.Name.Length) + 4;
        var width = Math.Max(20, _usual.MaxWidth - left);
        var lines = new List<string> { "" };
        foreach (var word in description.Split(' '))
            if (lines[^1].Length == 0)
                lines[^1] = word;
            else if (lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        return $"  {name.PadRight(left - 2)}{string.Join("\n" + new string(' ', left), lines)}\n";
    }

    private static string Title(CommandGroup group) =>
        group switch
        {
            CommandGroup.Read => "Read traces (nothing is replayed)",
            CommandGroup.Capture => "Make a fixture or a test of a trace",
            CommandGroup.Replay => "Replay agents",
            CommandGroup.Incidents => "From a fix to a closed incident",
            CommandGroup.Serve => "Serve mocks, receive telemetry",
            _ => "The tool itself",
        };
}
