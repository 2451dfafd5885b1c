using System.Diagnostics;

namespace ReplayHarness.Benchmarks;

/// <summary>Starts this program once more, as a process in which the kernel may own the thread pool.</summary>
internal static class KernelProcess
{
    public static int Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { Environment = { ["DOTNET_PROCESSOR_COUNT"] = "1", ["DOTNET_TC_CallCountingDelayMs"] = "0" } };
        foreach (var argument in (string[])["exec", typeof(KernelProcess).Assembly.Location, "in-kernel", .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
