using System.Diagnostics;
using ReplayHarness.Running;

namespace ReplayHarness.Benchmarks;

/// <summary>
/// Starts this program once more, as a process in which the kernel may own the thread pool, from a copy that reads the replay's clock.
/// </summary>
internal static class KernelProcess
{
    public static int Start(string[] arguments)
    {
        var copy = HostProcess.Prepare(typeof(KernelProcess).Assembly.Location);
        var start = new ProcessStartInfo("dotnet")
        {
            Environment = { ["DOTNET_PROCESSOR_COUNT"] = "1", ["DOTNET_TC_CallCountingDelayMs"] = "0" },
        };
        string[] command =
        [
            "exec",
            "--depsfile",
            Path.ChangeExtension(copy, ".deps.json"),
            "--runtimeconfig",
            Path.ChangeExtension(copy, ".runtimeconfig.json"),
            copy,
            "in-kernel",
            .. arguments,
        ];
        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
