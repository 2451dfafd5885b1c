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
        var http = new Option<int?>("--http")
        {
            Description =
                "A port on loopback to serve at over streamable HTTP; 0 takes a free one. Clients send the key that the environment "
                + $"variable {HttpTools.KeyVariable} holds.",
        };
        var command = new Command("mcp", "The commands as MCP tools for a coding agent, over standard input and output or HTTP.")
        {
            root,
            http,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(http) is < 0 or > 65535)
                result.AddError($"--http {result.GetValue(http)}: expected a port, 0 to 65535");
        });
        command.SetAction(
            async (parsed, token) =>
            {
                using var tools = new ToolServer(new RootFolder(parsed.GetRequiredValue(root)));
                await (parsed.GetValue(http) is { } port ? HttpTools.Of(tools).RunAsync(port, token) : tools.RunAsync(token));
                return (int)ExitCode.Ok;
            }
        );
        return command;
    }
}
