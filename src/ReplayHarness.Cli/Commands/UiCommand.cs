using System.CommandLine;
using ReplayHarness.Cli.Ui;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>Pages on loopback: the incidents, their runs, and replays step by step.</summary>
internal static class UiCommand
{
    // Beside those of OTLP.
    private const int DefaultPort = 4319;

    public static Command Create()
    {
        var folder = new Argument<string?>("replays")
        {
            Description = "The folder that holds a folder with expected.json for each incident.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var assembly = new Option<string?>("--assembly") { Description = "The assembly that holds the drivers." };
        var source = new Source("--from", required: false);
        var port = new Option<int?>("--port") { Description = $"The port on loopback; 0 takes a free one. [default: {DefaultPort}]" };
        var command = new Command(
            "ui",
            "Pages on loopback: incidents with their state and trend, runs as waterfalls, replays with progress, schedules step by step."
        )
        {
            folder,
            assembly,
            port,
        };
        source.AddTo(command);
        command.Options.Remove(source.Json);
        command.Validators.Add(result =>
        {
            if (result.GetValue(port) is < 0 or > 65535)
                result.AddError($"--port {result.GetValue(port)}: expected a port, 0 to 65535");
            if (result.GetValue(folder) is not null != result.GetValue(assembly) is not null)
                result.AddError("expected both the folder of incidents and --assembly, the DLL that holds their drivers, or neither");
            else if (result.GetValue(folder) is null && result.GetResult("--from") is null)
                result.AddError("expected the folder of incidents with --assembly, or --from SOURCE, or all three");
            if (result.GetResult("--from") is { Tokens: [{ Value: "-" }] })
                result.AddError("--from -: expected a file, a glob or a store, for pages read it again");
        });
        command.SetAction(
            (parsed, token) =>
                RunAsync(
                    Incidents(parsed.GetValue(folder), parsed.GetValue(assembly)),
                    source.IsNamed(parsed) ? Runs(source, parsed) : null,
                    parsed.GetValue(port) ?? DefaultPort,
                    token
                )
        );
        return command;
    }

    private static UiIncidents Incidents(string? folder, string? assembly) =>
        folder is null || Directory.Exists(folder)
            ? new(folder, assembly)
            : throw new BadInputException($"{folder}: there is no such folder");

    private static UiSource Runs(Source source, ParseResult parsed) =>
        new(
            source.Text(parsed),
            () => RunStream.Of(source, parsed, TraceQuery.All).Select(RunSummary.Of),
            id => source.LoadOne(parsed, id)
        );

    private static async Task<int> RunAsync(UiIncidents incidents, UiSource? source, int port, CancellationToken token)
    {
        await using var server = new UiServer(incidents, source);
        await server.StartAsync(port, token);
        await Console.Out.WriteLineAsync($"{server.Address}: open it in a browser; stop with Ctrl-C");
        await server.WaitAsync(token);
        return (int)ExitCode.Ok;
    }
}
