using System.Diagnostics;

namespace ReplayHarness.Tests.Support;

/// <summary>A program of this repository that takes the runtime over, in a process as the host has it.</summary>
internal static class KernelProgram
{
    /// <summary>Runs it to its end and gives what it printed.</summary>
    public static string Run(string project, string[] arguments, params (string Name, string Value)[] environment) =>
        Run(project, arguments, "", environment);

    /// <summary>Runs it on an input.</summary>
    public static string Run(string project, string[] arguments, string input, params (string Name, string Value)[] environment)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(Data.Root));
        var program = Path.GetFullPath(Path.Combine(Data.Root, "..", "..", project, configuration, $"{project}.dll"));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["exec", program, .. arguments])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
