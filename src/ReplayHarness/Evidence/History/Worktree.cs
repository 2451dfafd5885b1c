using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Evidence.History;

/// <summary>A worktree of its own at some commit, gone after use: the one that the user works in stays as it is.</summary>
internal sealed class Worktree : IDisposable
{
    private Worktree(string repository, string path) => (Repository, Path) = (repository, path);

    /// <summary>The repository.</summary>
    public string Repository { get; }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The commit that is checked out in it, by its hash's first digits.</summary>
    public string Commit => Git("rev-parse", "--short=12", "HEAD");

    /// <summary>The repository that the current folder lies in.</summary>
    /// <param name="what">What needs it, for the message.</param>
    /// <exception cref="BadInputException">It lies in none.</exception>
    /// <exception cref="MissingToolException">There is no Git.</exception>
    public static string RepositoryOf(string what) =>
        GitRepository.GitWithErrors(Directory.GetCurrentDirectory(), "rev-parse", "--show-toplevel") is (0, var root)
            ? root
            : throw new BadInputException($"{what} needs a Git repository: the current folder is in none");

    /// <summary>Checks a commit out.</summary>
    /// <exception cref="BadInputException">Git refuses.</exception>
    public static Worktree At(string repository, string reference)
    {
        var path = Directory.CreateTempSubdirectory("replay-harness-worktree-").FullName;
        Run(repository, ["worktree", "add", "--quiet", "--detach", "--force", path, reference]);
        return new(repository, path);
    }

    /// <summary>What a command of Git prints in it.</summary>
    /// <exception cref="BadInputException">It fails.</exception>
    public string Git(params string[] arguments) => Run(Path, arguments);

    /// <summary>What a command of Git prints in it, also where it fails.</summary>
    public string GitMayFail(params string[] arguments) => GitRepository.GitWithErrors(Path, arguments).Output;

    public void Dispose() => GitRepository.Git(Repository, "worktree", "remove", "--force", Path);

    private static string Run(string folder, string[] arguments)
    {
        var (code, output) = GitRepository.GitWithErrors(folder, arguments);
        return code == 0
            ? output
            : throw new BadInputException($"git {string.Join(' ', arguments)}: {output.ReplaceLineEndings(" ").Trim()}");
    }
}
