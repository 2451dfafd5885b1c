using System.CommandLine;
using ReplayHarness.Cli.Commands;

namespace ReplayHarness.Cli;

/// <summary>Every command: the five questions in their order, then fixtures and replays.</summary>
internal static class CommandTable
{
    /// <summary>Each by its name, to be made when it is asked for: making all costs more than running most.</summary>
    private static readonly (string Name, Func<Command> Create)[] s_commands =
    [
        ("find", FindCommand.Create),
        ("tree", TreeCommand.Create),
        ("attempts", AttemptsCommand.Create),
        ("io", IoCommand.Create),
        ("bridge", BridgeCommand.Create),
        ("inspect", InspectCommand.Create),
        ("debug", DebugCommand.Create),
        ("releases", ReleasesCommand.Create),
        ("checklist", ChecklistCommand.Create),
        ("rules", RulesCommand.Create),
        ("convert", ConvertCommand.Create),
        ("listen", ListenCommand.Create),
        ("capture", CaptureCommand.Create),
        ("new", NewCommand.Create),
        ("record", RecordCommand.Create),
        ("scan", ScanCommand.Create),
        ("migrate", MigrateCommand.Create),
        ("run", RunCommand.Create),
        ("parallel", ParallelCommand.Create),
        ("replays", ReplaysCommand.Create),
        ("merge", MergeCommand.Create),
        ("accept", AcceptCommand.Create),
        ("verify", VerifyCommand.Create),
        ("report", ReportCommand.Create),
        ("incidents", IncidentCommands.Incidents),
        ("close", IncidentCommands.Close),
        ("gate", IncidentCommands.Gate),
        ("bisect", BisectCommand.Create),
        ("serve", ServeCommand.Create),
        ("drive", DriveCommand.Create),
        ("minimize", MinimizeCommand.Create),
    ];

    public static IEnumerable<Command> All() => s_commands.Select(c => c.Create());

    /// <summary>What a command line needs: the command that it begins with, or all where it begins with none (help, a slip).</summary>
    public static IEnumerable<Command> For(IReadOnlyList<string> args)
    {
        var named = args.Count == 0 ? -1 : Array.FindIndex(s_commands, c => c.Name == args[0]);
        return named < 0 ? All() : [s_commands[named].Create()];
    }
}
