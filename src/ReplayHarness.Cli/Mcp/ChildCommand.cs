using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Mcp;

/// <summary>How a command ended, and what it printed.</summary>
internal sealed record Printed(int ExitCode, string Output, string Errors);

/// <summary>Runs a command in a process of its own: what it prints is not the protocol's, and it can be ended.</summary>
internal static class ChildCommand
{
    private const int MostCharacters = 4 << 20;

    /// <summary>Runs it to its end. Who cancels ends it, with all that it started.</summary>
    /// <exception cref="BadInputException">It prints more than can be kept.</exception>
    public static async Task<Printed> RunAsync(
        IReadOnlyList<string> arguments,
        string folder,
        Action<string> progress,
        CancellationToken token
    )
    {
        token.ThrowIfCancellationRequested();
        using var process = Start(arguments, folder);
        process.StandardInput.Close();
        await using var ending = token.Register(() => Kill(process));
        var errors = ErrorsAsync(process.StandardError, progress);
        var output = await OutputAsync(process.StandardOutput);
        if (output is null)
            Kill(process);
        var said = await errors;
        await process.WaitForExitAsync(CancellationToken.None);
        token.ThrowIfCancellationRequested();
        return output is null
            ? throw new BadInputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{arguments[0]}: prints more than {MostCharacters} characters; ask for less, with trace, where or since"
                )
            )
            : new(process.ExitCode, output, said);
    }

    private static Process Start(IReadOnlyList<string> arguments, string folder)
    {
        try
        {
            return Process.Start(StartOf(arguments, folder))!;
        }
        catch (Win32Exception e)
        {
            // Text of a hundred thousand characters is no argument.
            throw new BadInputException($"cannot be started: {e.Message.TrimEnd('.')}; give shorter texts", e);
        }
    }

    private static ProcessStartInfo StartOf(IReadOnlyList<string> arguments, string folder)
    {
        var (program, first) = Invocation.Program();
        var start = new ProcessStartInfo(program, [.. first, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // A run executes an agent, which has no business with it.
        start.Environment.Remove(HttpTools.KeyVariable);
        start.Environment[ProgressLine.Variable] = ProgressLine.AsLines;
        return start;
    }

    // Null where it is too much.
    private static async Task<string?> OutputAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[1 << 14];
        for (int read; (read = await reader.ReadAsync(buffer)) > 0; )
            if (text.Append(buffer, 0, read).Length > MostCharacters)
                return null;
        return text.ToString();
    }

    private static async Task<string> ErrorsAsync(StreamReader reader, Action<string> progress)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith(ProgressLine.Begin, StringComparison.Ordinal))
                progress(line[ProgressLine.Begin.Length..]);
            else if (text.Length < MostCharacters)
                text.Append(line).Append('\n');
        return text.ToString();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }
}
