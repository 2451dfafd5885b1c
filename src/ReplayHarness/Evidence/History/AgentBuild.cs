using System.ComponentModel;
using System.Diagnostics;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Evidence.History;

/// <summary>Builds an agent's project in a worktree. What is the same as in the commit before is not built again.</summary>
internal static class AgentBuild
{
    /// <summary>The assembly; or null, and why it does not build.</summary>
    /// <param name="tree">The worktree.</param>
    /// <param name="project">The project, relative to it.</param>
    /// <exception cref="MissingToolException">There is no .NET SDK.</exception>
    public static async Task<(string? Assembly, string Why)> RunAsync(string tree, string project)
    {
        var path = Path.Combine(tree, project);
        if (!File.Exists(path))
            return (null, $"there is no {project}");
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = tree,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var argument in (string[])["build", path, "-c", "Release", "-v", "quiet", "--nologo", "-t:Build", "-getProperty:TargetPath"]
        )
            start.ArgumentList.Add(argument);
        using var process = Started(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            return (output.Split('\n')[^1].Trim(), "");
        var said = $"{output}\n{await errors}";
        return said.Contains("No .NET SDKs were found", StringComparison.Ordinal)
            ? throw new MissingToolException(NoSdk)
            : (null, $"it does not build: {FirstError(said)}");
    }

    private const string NoSdk = "there is no .NET SDK: no dotnet on the PATH can build a project; projects of agents are built with it";

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new MissingToolException(NoSdk, e);
        }
    }

    /// <summary>The project's file.</summary>
    /// <param name="project">A project file, or a folder that holds one.</param>
    /// <exception cref="BadInputException">It is neither.</exception>
    public static string ProjectFile(string project)
    {
        var path = Path.GetFullPath(project);
        if (File.Exists(path) && IsProject(path))
            return path;
        return Directory.Exists(path) && Directory.GetFiles(path, "*.*proj") is [var only]
            ? only
            : throw new BadInputException($"{project}: expected a project file, or a folder that holds one");
    }

    /// <summary>Whether an agent is given as a project, and not as an assembly.</summary>
    public static bool IsProject(string agent) => agent.EndsWith("proj", StringComparison.Ordinal) || Directory.Exists(agent);

    private static string FirstError(string output) =>
        output.Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal))?.Trim() is { } line
            ? Path.GetFileName(line.Split('(')[0]) + line[line.Split('(')[0].Length..].Split(" [")[0]
            : "no reason given";
}
