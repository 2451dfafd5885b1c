using System.Diagnostics;

namespace ReplayHarness.Cli.Bisecting;

/// <summary>Builds an agent's project in a worktree. What is the same as in the commit before is not built again.</summary>
internal static class AgentBuild
{
    /// <summary>The assembly; or null, and why it does not build.</summary>
    /// <param name="tree">The worktree.</param>
    /// <param name="project">The project, relative to it.</param>
    public static async Task<(string? Assembly, string Why)> RunAsync(string tree, string project)
    {
        var path = Path.Combine(tree, project);
        if (!File.Exists(path)) return (null, $"there is no {project}");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = tree, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["build", path, "-c", "Release", "-v", "quiet", "--nologo", "-t:Build", "-getProperty:TargetPath"]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (output.Split('\n')[^1].Trim(), "") : (null, $"it does not build: {FirstError($"{output}\n{await errors}")}");
    }

    private static string FirstError(string output) => output.Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal))?.Trim() is { } line ? Path.GetFileName(line.Split('(')[0]) + line[line.Split('(')[0].Length..].Split(" [")[0] : "no reason given";
}
