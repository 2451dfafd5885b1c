using System.ComponentModel;
using System.Diagnostics;
using ReplayHarness.Running;

namespace ReplayHarness.Cli.Demo;

/// <summary>The .NET SDK, with which the demo builds its agent.</summary>
internal static class DemoSdk
{
    private const int Oldest = 10;

    /// <summary>Fails where there is none that can build the demo.</summary>
    /// <exception cref="MissingToolException">There is none.</exception>
    public static async Task CheckAsync(string folder, CancellationToken token)
    {
        var version = await VersionAsync(folder, token);
        if (Version.TryParse(version.Split('-')[0], out var parsed) && parsed.Major >= Oldest)
            return;
        throw new MissingToolException(
            $"demo: builds a small agent, for which it needs the .NET SDK {Oldest} or newer; "
                + (parsed is null ? "no dotnet on the PATH has an SDK" : $"the dotnet on the PATH has {version}")
        );
    }

    /// <summary>What the SDK says of itself at its first use, or of updates, is no part of a build.</summary>
    public static void Calm(ProcessStartInfo start)
    {
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "1";
    }

    private static async Task<string> VersionAsync(string folder, CancellationToken token)
    {
        var start = new ProcessStartInfo("dotnet", ["--version"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Calm(start);
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(token);
            var said = await process.StandardOutput.ReadToEndAsync(token);
            await errors;
            await process.WaitForExitAsync(token);
            return process.ExitCode == 0 ? said.Trim() : "";
        }
        catch (Win32Exception)
        {
            return "";
        }
    }
}
