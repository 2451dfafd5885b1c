using ReplayHarness.Diagnosis;
using ReplayHarness.Running;

namespace ReplayHarness.Cli;

/// <summary>Commands as they can be typed where this one was: by name where the tool is on the PATH, else by its path.</summary>
internal static class Invocation
{
    /// <summary>The command that runs a job again.</summary>
    public static string Of(ReplayJob job, string? expect = null) =>
        string.Concat(Name(), RerunCommand.Of(job, expect).AsSpan(RerunCommand.Tool.Length));

    /// <summary>The command that was typed, as it can be typed again.</summary>
    public static string Again() => string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(NextCommands.Quoted).Prepend(Name()));

    private static string Name()
    {
        var process = Environment.ProcessPath;
        if (process is null || Path.GetFileNameWithoutExtension(process) != RerunCommand.Tool || OnPath(process))
            return RerunCommand.Tool;
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), process);
        return relative.StartsWith("..", StringComparison.Ordinal) ? process : relative;
    }

    private static bool OnPath(string process) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Contains(Path.GetDirectoryName(process));
}
