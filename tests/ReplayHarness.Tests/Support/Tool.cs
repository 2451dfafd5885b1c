using System.Diagnostics;

namespace ReplayHarness.Tests.Support;

/// <summary>What the command-line tool did.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors);

/// <summary>Runs the command-line tool as a user does: as a process.</summary>
internal static class Tool
{
    public static Task<ToolResult> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    public static Task<ToolResult> RunAsync(string? input, string[] arguments) =>
        RunAsync(Path.Combine(Data.Root, "Data"), input, arguments);

    public static Task<ToolResult> RunInAsync(string folder, params string[] arguments) => RunAsync(folder, null, arguments);

    public static Task<ToolResult> RunWithAsync((string Name, string Value) variable, params string[] arguments) =>
        RunWithAsync([variable], arguments);

    public static Task<ToolResult> RunWithAsync((string Name, string Value)[] variables, params string[] arguments) =>
        RunAsync(Path.Combine(Data.Root, "Data"), null, arguments, variables);

    /// <summary>Starts it, for tests that do something while it runs. Who reads nothing of what it prints lets it wait.</summary>
    public static Process Start(string[] arguments, string? folder = null, (string Name, string Value)[]? variables = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["exec", Path.Combine(Data.Root, "replay-harness.dll"), .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables ?? [])
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Sends it a signal: INT, TERM or KILL.</summary>
    public static void Signal(Process process, string signal) =>
        Assert.That(Component.Run("kill", $"-{signal}", $"{process.Id}").ExitCode, Is.Zero);

    /// <summary>Waits for its end.</summary>
    public static async Task<ToolResult> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }

    private static async Task<ToolResult> RunAsync(
        string folder,
        string? input,
        string[] arguments,
        (string Name, string Value)[]? variables = null
    )
    {
        using var process = Start(arguments, folder, variables);
        var ended = EndAsync(process);
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await ended;
    }
}
