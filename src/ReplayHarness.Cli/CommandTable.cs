using System.CommandLine;
using ReplayHarness.Cli.Commands;

namespace ReplayHarness.Cli;

/// <summary>What a command is for, in the order in which help tells it.</summary>
internal enum CommandGroup
{
    /// <summary>Traces are read, and nothing is replayed.</summary>
    Read,

    /// <summary>Fixtures and tests are made.</summary>
    Capture,

    /// <summary>Agents are replayed.</summary>
    Replay,

    /// <summary>A fix is shown to hold, and an incident closed.</summary>
    Incidents,

    /// <summary>Others are served, or listened to.</summary>
    Serve,

    /// <summary>About the tool itself.</summary>
    Tool,
}

/// <summary>A command.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">What it is for.</param>
/// <param name="Example">Its arguments in one real use. Files are those that the demo writes, where it has such.</param>
/// <param name="Create">Makes it.</param>
internal sealed record CommandRow(string Name, CommandGroup Group, string Example, Func<Command> Create);

/// <summary>Every command: the five questions in their order, then fixtures and replays.</summary>
internal static class CommandTable
{
    private const string Before = "fixtures/lamp-desk --agent before/Driver.dll";

    /// <summary>Each by its name, to be made when it is asked for: making all costs more than running most.</summary>
    private static readonly CommandRow[] s_commands =
    [
        new("find", CommandGroup.Read, "traces.jsonl --where task_id=4711", FindCommand.Create),
        new("tree", CommandGroup.Read, "traces.jsonl --trace 5c1f", TreeCommand.Create),
        new("attempts", CommandGroup.Read, "traces.jsonl --where task_id=4711", AttemptsCommand.Create),
        new("io", CommandGroup.Read, "traces.jsonl --trace 5c1f", IoCommand.Create),
        new("bridge", CommandGroup.Read, "traces.jsonl --trace 5c1f --code Agent", BridgeCommand.Create),
        new("inspect", CommandGroup.Read, "traces.jsonl --group", InspectCommand.Create),
        new("debug", CommandGroup.Read, "5c1f --traces traces.jsonl", DebugCommand.Create),
        new("releases", CommandGroup.Read, "jaeger:http://localhost:16686 --since 7d", ReleasesCommand.Create),
        new("checklist", CommandGroup.Read, "traces.jsonl --trace 5c1f", ChecklistCommand.Create),
        new("rules", CommandGroup.Read, "--json", RulesCommand.Create),
        new("convert", CommandGroup.Read, "jaeger:http://localhost:16686 --since 24h --out day.jsonl", ConvertCommand.Create),
        new("capture", CommandGroup.Capture, "traces.jsonl --trace 5c1f --out fixtures/lamp-desk", CaptureCommand.Create),
        new(
            "new",
            CommandGroup.Capture,
            "lamp-desk --from traces.jsonl --where task_id=4711 --agent Agent.Replays --project Agent",
            NewCommand.Create
        ),
        new("watch", CommandGroup.Capture, "traces.jsonl --out failures --once", WatchCommand.Create),
        new("record", CommandGroup.Capture, "--out fixtures/order-desk -- node agent.mjs", RecordCommand.Create),
        new("scan", CommandGroup.Capture, "fixtures", ScanCommand.Create),
        new("minimize", CommandGroup.Capture, $"{Before} --out fixtures/smaller", MinimizeCommand.Create),
        new("migrate", CommandGroup.Capture, "fixtures/lamp-desk", MigrateCommand.Create),
        new("run", CommandGroup.Replay, Before, RunCommand.Create),
        new("drive", CommandGroup.Replay, "fixtures/order-desk -- node agent.mjs", DriveCommand.Create),
        new("parallel", CommandGroup.Replay, "healthy.jsonl --trace 7b02 --agent before/Driver.dll", ParallelCommand.Create),
        new("replays", CommandGroup.Replay, "replays --assembly after/Driver.dll", ReplaysCommand.Create),
        new("merge", CommandGroup.Replay, "part-1 part-2 --junit results.xml", MergeCommand.Create),
        new("report", CommandGroup.Replay, $"{Before} --out report.html", ReportCommand.Create),
        new("accept", CommandGroup.Replay, "replays --list", AcceptCommand.Create),
        new(
            "verify",
            CommandGroup.Incidents,
            "fixtures/lamp-desk --broken before/Driver.dll --fixed after/Driver.dll --out replays/lamp-desk",
            VerifyCommand.Create
        ),
        new("incidents", CommandGroup.Incidents, "replays --assembly after/Driver.dll", IncidentCommands.Incidents),
        new("close", CommandGroup.Incidents, "replays lamp-desk --assembly after/Driver.dll", IncidentCommands.Close),
        new("gate", CommandGroup.Incidents, "replays --assembly after/Driver.dll --markdown", IncidentCommands.Gate),
        new("bisect", CommandGroup.Incidents, "fixtures/lamp-desk --agent Driver --good v1.3 --bad v1.4", BisectCommand.Create),
        new("serve", CommandGroup.Serve, "fixtures/lamp-desk --port 5055", ServeCommand.Create),
        new("listen", CommandGroup.Serve, "--out day.jsonl", ListenCommand.Create),
        new("ui", CommandGroup.Serve, "replays --assembly after/Driver.dll --from traces.jsonl", UiCommand.Create),
        new("mcp", CommandGroup.Serve, "--root lamp-desk", McpCommand.Create),
        new("demo", CommandGroup.Tool, "--keep lamp-desk", DemoCommand.Create),
        new("completions", CommandGroup.Tool, "bash", CompletionsCommand.Create),
    ];

    /// <summary>Those that a newcomer needs, in the order in which they are needed.</summary>
    public static IReadOnlyList<string> First => ["demo", "inspect", "tree", "new", "run"];

    /// <summary>Every command, without making it.</summary>
    public static IReadOnlyList<CommandRow> Rows => s_commands;

    public static IEnumerable<Command> All() => s_commands.Select(c => c.Create());

    /// <summary>What a command line needs: the command that it begins with, or all where it begins with none (help, a slip).</summary>
    public static IEnumerable<Command> For(IReadOnlyList<string> args)
    {
        var named = args.Count == 0 ? -1 : Array.FindIndex(s_commands, c => c.Name == args[0]);
        return named < 0 ? All() : [s_commands[named].Create()];
    }
}
