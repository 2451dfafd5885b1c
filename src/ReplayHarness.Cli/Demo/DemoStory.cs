using System.Diagnostics;
using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Demo;

/// <summary>
/// Plays the demo's story, line by line. <c>$ COMMAND</c> is run as it is printed (<c>$1</c>: and must end with 1), <c>@ FILE</c> names
/// the file in which the line behind <c>-</c> is replaced by that behind <c>+</c>; everything else is only printed.
/// </summary>
/// <param name="folder">The folder that it plays in.</param>
internal sealed class DemoStory(string folder)
{
    private string _file = "",
        _old = "";

    /// <summary>Plays it to its end.</summary>
    /// <exception cref="BadInputException">A command did not end as it must.</exception>
    public async Task PlayAsync(CancellationToken token)
    {
        foreach (var line in DemoFolder.Text("story").TrimEnd('\n').Split('\n'))
            await (line is ['$', ..] ? RunAsync(line, token) : TellAsync(line));
    }

    private async Task TellAsync(string line)
    {
        if (line is ['@', ' ', ..])
            _file = line[2..];
        else if (line is ['-', ..])
            _old = line[1..];
        else if (line is ['+', ..])
            await ReplaceAsync(line[1..]);
        Say(
            line is ['@', ' ', ..] ? _file
            : line is [>= '1' and <= '9', '.', ..] ? Ink.Bold(line)
            : line
        );
    }

    private static void Say(string line) => Console.Out.WriteLine(line);

    private async Task ReplaceAsync(string text)
    {
        var path = Path.Combine(folder, _file);
        var code = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, code.Replace(_old + "\n", text + "\n", StringComparison.Ordinal));
    }

    private async Task RunAsync(string line, CancellationToken token)
    {
        var (expected, command) = line[1] == ' ' ? (0, line[2..]) : (line[1] - '0', line[3..]);
        var words = command.Split(' ');
        var isTool = words[0] == Invocation.Tool;
        Say(Ink.Bold($"$ {(isTool ? Invocation.In(folder) : words[0])} {string.Join(' ', words[1..])}"));
        await Console.Out.FlushAsync(token);
        var (program, first) = isTool ? Invocation.Program() : (words[0], []);
        var code = await ExitCodeAsync(program, [.. first, .. words[1..]], token);
        if (code != expected)
            throw new BadInputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"demo: {command} ended with exit code {code}, and {expected} was expected; what it said stands above"
                )
            );
    }

    // It prints where this prints: what is seen is what it says, in its colours.
    private async Task<int> ExitCodeAsync(string program, IReadOnlyList<string> arguments, CancellationToken token)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        DemoSdk.Calm(start);
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return process.ExitCode;
    }
}
