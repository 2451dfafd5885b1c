using System.CommandLine;
using ReplayHarness.Cli.Mcp;

namespace ReplayHarness.Cli.Commands;

/// <summary>The commands as tools of the Model Context Protocol.</summary>
internal static class McpCommand
{
    public static Command Create()
    {
        var root = new Option<string>("--root")
        {
            Description = "The folder that tools stay in: what they read and write lies there, links followed.",
            DefaultValueFactory = _ => ".",
        };
        var command = new Command("mcp", "The commands as MCP tools for a coding agent, over standard input and output.") { root };
        command.SetAction(
            async (parsed, token) =>
            {
                await new ToolServer(new RootFolder(parsed.GetRequiredValue(root))).RunAsync(token);
                return (int)ExitCode.Ok;
            }
        );
        return command;
    }
}
