using System.CommandLine;
using System.CommandLine.Parsing;
using ReplayHarness.Fixtures;
using ReplayHarness.Server;

namespace ReplayHarness.Cli.Commands;

/// <summary>The mocks of a fixture on loopback.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var fixture = new Argument<string>("fixture") { Description = "The fixture's folder." };
        var port = new Option<int>("--port") { Description = "The port on loopback; 0 takes a free one." };
        var scale = new Option<double>("--time-scale")
        {
            Description = "Real seconds for each captured second; 0 waits for nothing. What the agent itself waits for is not scaled.",
            DefaultValueFactory = _ => 1,
        };
        var mcp = new Option<bool>("--mcp-stdio")
        {
            Description = "Serves the tools only, over MCP on standard input and output, as a client starts a server.",
        };
        var command = new Command(
            "serve",
            "Serves a fixture's model and tools over HTTP and MCP, for an agent in another process or language."
        )
        {
            fixture,
            port,
            scale,
            mcp,
        };
        command.Validators.Add(result => Validate(result, port, scale));
        command.SetAction(
            (parsed, token) =>
                RunAsync(
                    new FixtureServerOptions
                    {
                        Fixture = Mending.Load(parsed.GetRequiredValue(fixture)),
                        Clock = RealTime.Clock,
                        Port = parsed.GetValue(port),
                        TimeScale = parsed.GetValue(scale),
                        Log = line => Console.Error.WriteLine(line),
                    },
                    parsed.GetValue(mcp),
                    token
                )
        );
        return command;
    }

    private static void Validate(CommandResult result, Option<int> port, Option<double> scale)
    {
        if (result.GetValue(port) is < 0 or > 65535)
            result.AddError($"--port {result.GetValue(port)}: expected a port, 0 to 65535");
        if (result.GetValue(scale) is < 0 or > 1000 or double.NaN)
            result.AddError($"--time-scale {result.GetValue(scale)}: expected 0 to 1000");
    }

    private static async Task<int> RunAsync(FixtureServerOptions options, bool mcp, CancellationToken token) =>
        await TellAsync(
                mcp
                    ? await FixtureServer.ServeMcpAsync(options, Console.In, Console.Out, token).ConfigureAwait(false)
                    : await ServeAsync(options, token).ConfigureAwait(false)
            )
            .ConfigureAwait(false);

    private static async Task<string?> ServeAsync(FixtureServerOptions options, CancellationToken token)
    {
        await using var server = await FixtureServer.StartAsync(options, token).ConfigureAwait(false);
        await Console
            .Out.WriteLineAsync($"serving {options.Fixture.Fixture.Incident} on {server.Url}; stop with Ctrl-C")
            .ConfigureAwait(false);
        foreach (var (name, value) in server.Variables)
            await Console.Out.WriteLineAsync($"  export {name}={value}").ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"  MCP server: {server.Url}/mcp").ConfigureAwait(false);
        foreach (
            var host in options
                .Fixture.Http.SelectMany(f => f.Responses)
                .Select(r => new Uri(r.Url))
                .Select(u => u.Authority)
                .Distinct(StringComparer.Ordinal)
        )
            await Console.Out.WriteLineAsync($"  {host} is at {server.Url}/http/{host}").ConfigureAwait(false);
        await server.WaitAsync().ConfigureAwait(false);
        return server.Divergence;
    }

    private static async Task<int> TellAsync(string? divergence)
    {
        if (divergence is null)
            return (int)ExitCode.Ok;
        await Console.Error.WriteLineAsync($"replay-harness: diverged: {divergence}").ConfigureAwait(false);
        return (int)ExitCode.Diverged;
    }
}
