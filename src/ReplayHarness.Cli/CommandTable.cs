using System.CommandLine;
using ReplayHarness.Cli.Commands;

namespace ReplayHarness.Cli;

/// <summary>Every command: the five questions in their order, then fixtures and replays.</summary>
internal static class CommandTable
{
    public static IEnumerable<Command> All() =>
        [
            FindCommand.Create(),
            TreeCommand.Create(),
            AttemptsCommand.Create(),
            IoCommand.Create(),
            BridgeCommand.Create(),
            InspectCommand.Create(),
            DebugCommand.Create(),
            ReleasesCommand.Create(),
            ChecklistCommand.Create(),
            RulesCommand.Create(),
            ConvertCommand.Create(),
            ListenCommand.Create(),
            CaptureCommand.Create(),
            NewCommand.Create(),
            RecordCommand.Create(),
            ScanCommand.Create(),
            RunCommand.Create(),
            ReplaysCommand.Create(),
            AcceptCommand.Create(),
            VerifyCommand.Create(),
            ReportCommand.Create(),
            .. IncidentCommands.Create(),
            BisectCommand.Create(),
            ServeCommand.Create(),
            DriveCommand.Create(),
            MinimizeCommand.Create(),
        ];
}
