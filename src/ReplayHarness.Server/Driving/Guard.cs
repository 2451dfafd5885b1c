using System.ComponentModel;
using System.Diagnostics;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>
/// Ends an agent's processes where this process is killed and cannot do it. A shell waits beside them: the pipe that it reads from ends
/// with this process, however that ends. The agent's processes are told by a variable that each hands on to those that it starts. On
/// Linux only.
/// </summary>
internal sealed class Guard : IDisposable
{
    /// <summary>The variable that tells the agent's processes.</summary>
    public const string Variable = "REPLAY_HARNESS_RUN";

    // A process is stopped before those below it are looked for, so that it starts no more of them.
    private const string Script = """
        exec >/dev/null 2>&1
        trap '' HUP INT TERM
        read -r _
        end() {
          kill -STOP "$1"
          for below in $(cat /proc/"$1"/task/*/children); do end "$below"; done
          kill -KILL "$1"
        }
        for again in 1 2 3 4 5 6 7 8 9 10; do
          found=$(grep -als "$1" /proc/[0-9]*/environ)
          if [ -z "$found" ]; then
            # One that is being started has its environment in a moment.
            [ -z "$none" ] || exit 0
            none=1
            sleep 0.2
          fi
          for file in $found; do id=${file#/proc/}; end "${id%/environ}"; done
        done
        """;

    private readonly Process? _shell;

    /// <summary>Waits, from before the agent is started until it has ended.</summary>
    public Guard()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Script, "replay-harness-guard", $"{Variable}={Value}"])
            start.ArgumentList.Add(argument);
        try
        {
            _shell = Process.Start(start);
        }
        catch (Win32Exception)
        {
            // Without a shell nobody waits.
        }
    }

    /// <summary>The variable's value, for the agent.</summary>
    public string Value { get; } = DraftName.Of("agent");

    public void Dispose()
    {
        if (_shell is null)
            return;
        _shell.Kill();
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
