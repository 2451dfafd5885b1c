using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ReplayHarness.Tests.Support;

/// <summary>
/// Real components that tests find by themselves: where one is missing, the test is skipped and says why, unless all are required.
/// </summary>
internal static class Component
{
    public static bool AllRequired => Environment.GetEnvironmentVariable("REPLAYHARNESS_REQUIRE_COMPONENTS") == "1";

    /// <summary>Skips the test, or fails it where components are required.</summary>
    public static void Missing(string what)
    {
        if (AllRequired)
            Assert.Fail($"{what}, and REPLAYHARNESS_REQUIRE_COMPONENTS=1 asks for it");
        Assert.Ignore(what);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a command to its end.</summary>
    public static (int ExitCode, string Output) Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>A program on the PATH, or null.</summary>
    public static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
