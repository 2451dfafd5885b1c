using ReplayHarness.Diagnosis;
using ReplayHarness.Running;

namespace ReplayHarness.Cli;

/// <summary>Commands as they can be typed where this one was: by name where the tool is on the PATH, else by its path.</summary>
internal static class Invocation
{
    /// <summary>The tool's name.</summary>
    public const string Tool = RerunCommand.Tool;

    /// <summary>The command that runs a job again.</summary>
    public static string Of(ReplayJob job, string? expect = null) =>
        string.Concat(In(Directory.GetCurrentDirectory()), RerunCommand.Of(job, expect).AsSpan(RerunCommand.Tool.Length));

    /// <summary>The command that was typed, as it can be typed again.</summary>
    public static string Again() =>
        string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(NextCommands.Quoted).Prepend(In(Directory.GetCurrentDirectory())));

    /// <summary>The tool as it is typed in a folder.</summary>
    public static string In(string folder)
    {
        var process = Environment.ProcessPath;
        if (process is null || !IsTool(process) || OnPath(process))
            return RerunCommand.Tool;
        var relative = Path.GetRelativePath(folder, process);
        return relative.StartsWith("..", StringComparison.Ordinal) ? process : relative;
    }

    /// <summary>The program that is this tool, and the arguments that stand before its own.</summary>
    public static (string Program, IReadOnlyList<string> First) Program() =>
        Environment.ProcessPath is { } process && IsTool(process)
            ? (process, [])
            : (Environment.ProcessPath ?? "dotnet", ["exec", typeof(Invocation).Assembly.Location]);

    private static bool IsTool(string process) => Path.GetFileNameWithoutExtension(process) == RerunCommand.Tool;

    private static bool OnPath(string process) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Contains(Path.GetDirectoryName(process));
}
