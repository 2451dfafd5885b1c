using System.CommandLine;
using System.Reflection;
using System.Text;
using ReplayHarness.Cli;
using ReplayHarness.Cli.Commands;
using ReplayHarness.Running;
using ReplayHarness.Traces;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
TerminalWriter.Guard();

if (args is ["--version"])
{
    // Without building what is not asked for.
    Console.Out.WriteLine(typeof(CommandTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
    return (int)ExitCode.Ok;
}
var root = new RootCommand("Replays failed LLM-agent runs from their OpenTelemetry traces.");
foreach (var command in CommandTable.For(args))
    root.Subcommands.Add(command);
root.Directives.Add(new DiagramDirective());
CommandHelp.AddTo(root);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine($"replay-harness: {error.Message}");
    Console.Error.WriteLine(
        $"replay-harness: see 'replay-harness "
            + $"{(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help'"
    );
    return (int)ExitCode.Usage;
}
var configuration = new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    // Who is asked to stop says what it has until then: two seconds, which is usual, are too few on a busy machine.
    ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
};
// Shells ask for completions with a directive that writes many lines as one; what it says is the tool's own.
if (args is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal))
    configuration.Output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
try
{
    return parsed.Invoke(configuration);
}
catch (Exception e) when (e is BadInputException or HostFailedException or MissingToolException or UncontrollableRuntimeException)
{
    Console.Error.WriteLine($"replay-harness: {e.Message}");
    return (int)ExitCode.BadInput;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("replay-harness: stopped");
    return (int)ExitCode.NotEstablished;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"replay-harness: {e.Message}");
    return (int)ExitCode.BadInput;
}
