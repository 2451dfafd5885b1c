using System.ComponentModel;
using System.Diagnostics;
using ReplayHarness.Running;

namespace ReplayHarness.Evidence.History;

/// <summary>The Git repository that a folder lies in.</summary>
internal static class GitRepository
{
    /// <summary>
    /// The commit that is checked out, with <c>-dirty</c> where the tree is changed, and its date; nulls where there is no repository, or
    /// no Git.
    /// </summary>
    public static (string? Commit, string? Date) Head(string folder)
    {
        if (Git(folder, "rev-parse", "--short=12", "HEAD") is not { Length: > 0 } commit)
            return default;
        var dirty = Git(folder, "status", "--porcelain", "--untracked-files=no") is { Length: > 0 };
        return (dirty ? commit + "-dirty" : commit, Git(folder, "log", "-1", "--format=%cI"));
    }

    /// <summary>What a command of Git prints, or null where it fails or there is no Git.</summary>
    public static string? Git(string folder, params string[] arguments)
    {
        try
        {
            return GitWithErrors(folder, arguments) is (0, var output) ? output : null;
        }
        catch (MissingToolException)
        {
            return null;
        }
    }

    /// <summary>The exit code of a command of Git and what it prints: its errors, where it fails.</summary>
    /// <exception cref="MissingToolException">There is no Git.</exception>
    public static (int ExitCode, string Output) GitWithErrors(string folder, params string[] arguments) =>
        GitWithErrors(folder, null, arguments);

    /// <summary>
    /// A commit of the tree as it is, with what is not committed and what is not added yet; the repository's own index and branches stay
    /// as they are. Null where Git fails.
    /// </summary>
    public static string? Snapshot(string folder)
    {
        var index = Path.Combine(Directory.CreateTempSubdirectory("replay-harness-index-").FullName, "index");
        try
        {
            string? Run(params string[] arguments) => GitWithErrors(folder, index, arguments) is (0, var output) ? output : null;
            if (Run("read-tree", "HEAD") is null || Run("add", "--all") is null || Run("write-tree") is not { } tree)
                return null;
            return Run(
                "-c",
                "user.name=replay-harness",
                "-c",
                "user.email=replay-harness@localhost",
                "commit-tree",
                tree,
                "-p",
                "HEAD",
                "-m",
                "as it is"
            );
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(index)!, recursive: true);
        }
    }

    private static (int ExitCode, string Output) GitWithErrors(string folder, string? index, string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // What Git prints is read, and shown: in one language everywhere.
        start.Environment["LC_ALL"] = "C";
        if (index is not null)
            start.Environment["GIT_INDEX_FILE"] = index;
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? text : $"{text}\n{errors.GetAwaiter().GetResult()}".Trim());
        }
        catch (Win32Exception e)
        {
            throw new MissingToolException("there is no git on the PATH; histories are read with it", e);
        }
    }
}
