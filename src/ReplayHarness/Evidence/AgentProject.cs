using ReplayHarness.Evidence.History;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Evidence;

/// <summary>An agent as the project of its driver, which is built before it is replayed: as it is now, or as it was at a commit.</summary>
/// <param name="Path">The project file, or a folder that holds one.</param>
/// <param name="Driver">The driver's type: its full or simple name, or that in kebab-case; null where the project holds just one.</param>
public sealed record AgentProject(string Path, string? Driver = null)
{
    /// <summary>Builds the project as it is now, in Release.</summary>
    /// <exception cref="BadInputException">There is no such project, or it does not build; the message says why.</exception>
    /// <exception cref="MissingToolException">There is no .NET SDK.</exception>
    public async Task<Agent> BuildAsync()
    {
        var here = Directory.GetCurrentDirectory();
        var assembly = await AssemblyAsync(here, AgentBuild.ProjectFile(Path));
        return Agent.InAssembly(System.IO.Path.GetRelativePath(here, assembly), Driver);
    }

    /// <summary>Builds it at the commit of a worktree.</summary>
    internal async Task<Agent> BuildInAsync(Worktree tree) => Agent.InAssembly(await AssemblyAsync(tree.Path, In(tree.Repository)), Driver);

    /// <summary>The project file, relative to its repository.</summary>
    internal string In(string repository) => System.IO.Path.GetRelativePath(repository, AgentBuild.ProjectFile(Path));

    private static async Task<string> AssemblyAsync(string tree, string project)
    {
        var (assembly, why) = await AgentBuild.RunAsync(tree, project);
        return assembly ?? throw new BadInputException($"{project}: {why}");
    }
}
