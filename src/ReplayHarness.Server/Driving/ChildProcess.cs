using System.ComponentModel;
using System.Diagnostics;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>
/// The agent's process. Of what it prints only the end is kept, however much it is; when this is disposed, it and everything it started has
/// ended; and also when this process was killed (<see cref="Guard"/>).
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Guard _guard;
    private readonly ProcessTree _tree;
    private readonly OutputTail _output,
        _errors;

    private ChildProcess(Process process, Guard guard)
    {
        (_process, _guard) = (process, guard);
        _tree = new(process, guard.Value);
        _process.Start();
        _process.StandardInput.Close();
        (_output, _errors) = (new(_process.StandardOutput), new(_process.StandardError));
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>See <see cref="ProcessTree.Work"/>.</summary>
    public long Work => _tree.Work();

    /// <summary>What it printed last that says most, of its errors where there are any; null for none.</summary>
    public string? LastLine => _errors.LastLine ?? _output.LastLine;

    /// <summary>Starts it.</summary>
    /// <exception cref="BadInputException">There is no such program.</exception>
    public static ChildProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        ProcessTree.AdoptOrphans();
        var guard = new Guard();
        start.Environment[Guard.Variable] = guard.Value;
        var process = new Process { StartInfo = start };
        try
        {
            return new(process, guard);
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            guard.Dispose();
            throw new BadInputException(
                $"{command[0]}: cannot be started: {e.Message.TrimEnd('.')}; give the agent's command after --, as a shell would find it",
                e
            );
        }
    }

    /// <summary>Waits until what it printed has been read. After it has ended.</summary>
    public async Task DrainAsync(TimeProvider clock)
    {
        _tree.Kill();
        await Task.WhenAny(Task.WhenAll(_output.Ended, _errors.Ended), Task.Delay(TimeSpan.FromSeconds(1), clock)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _tree.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _guard.Dispose();
    }
}

/// <summary>The end of what a process prints.</summary>
internal sealed class OutputTail
{
    private const int MostKept = 8192;

    private readonly Lock _gate = new();
    private readonly char[] _buffer = new char[4096];
    private string _tail = "";

    public OutputTail(StreamReader reader) => Ended = ReadAsync(reader);

    /// <summary>Completes when there is no more.</summary>
    public Task Ended { get; }

    /// <summary>Its last line that speaks of an error, else its last; null where there is none.</summary>
    public string? LastLine
    {
        get
        {
            lock (_gate)
            {
                var lines = _tail.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return Array.FindLast(
                        lines,
                        l => !l.StartsWith("at ", StringComparison.Ordinal) && l.Contains("error", StringComparison.OrdinalIgnoreCase)
                    ) ?? lines.LastOrDefault();
            }
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            for (int read; (read = await reader.ReadAsync(_buffer).ConfigureAwait(false)) > 0; )
            {
                lock (_gate)
                {
                    _tail += _buffer.AsSpan(0, read).ToString();
                    if (_tail.Length > MostKept)
                        _tail = _tail[^MostKept..];
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process has ended.
        }
    }
}
