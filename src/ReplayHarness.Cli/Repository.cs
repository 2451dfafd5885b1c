using System.ComponentModel;
using System.Diagnostics;

namespace ReplayHarness.Cli;

/// <summary>The Git repository that a folder lies in.</summary>
internal static class Repository
{
    /// <summary>The commit that is checked out, with <c>-dirty</c> where the tree is changed, and its date; nulls where there is no repository, or no Git.</summary>
    public static (string? Commit, string? Date) Head(string folder)
    {
        if (Git(folder, "rev-parse", "--short=12", "HEAD") is not { Length: > 0 } commit) return default;
        var dirty = Git(folder, "status", "--porcelain", "--untracked-files=no") is { Length: > 0 };
        return (dirty ? commit + "-dirty" : commit, Git(folder, "log", "-1", "--format=%cI"));
    }

    private static string? Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            _ = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
