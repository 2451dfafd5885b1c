using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Bisecting;

/// <summary>What a commit is.</summary>
/// <param name="Commit">Its hash.</param>
/// <param name="Fails">Whether the failure shows; null where that cannot be told.</param>
/// <param name="Why">A sentence.</param>
internal sealed record BisectStep(string Commit, bool? Fails, string Why);

/// <summary>What was found.</summary>
/// <param name="First">The first commit that fails (or, where asked, that no longer does); null where those left cannot be told.</param>
/// <param name="Left">The commits it is among, where it cannot be told.</param>
/// <param name="Steps">What was tried, in order.</param>
internal sealed record BisectResult(string? First, IReadOnlyList<string> Left, IReadOnlyList<BisectStep> Steps);

/// <summary>Runs <c>git bisect</c> in a worktree of its own: the one that the user works in stays as it is.</summary>
internal sealed class GitBisect(string repository, Func<string, string, Task<BisectStep>> test)
{
    private const string Old = "old", New = "new";

    /// <summary>Finds the first commit that is new.</summary>
    /// <param name="oldRef">A commit that is not.</param>
    /// <param name="newRef">A later one that is.</param>
    /// <param name="newFails">Whether what is new is the failure; else it is that it is gone.</param>
    /// <exception cref="BadInputException">Git refuses.</exception>
    public async Task<BisectResult> RunAsync(string oldRef, string newRef, bool newFails)
    {
        var tree = Directory.CreateTempSubdirectory("replay-harness-bisect-").FullName;
        Git(repository, "worktree", "add", "--detach", "--force", tree, newRef);
        try
        {
            await CheckEndAsync(tree, newRef, newFails);
            await CheckEndAsync(tree, oldRef, !newFails);
            var told = Git(tree, "bisect", "start", $"--term-new={New}", $"--term-old={Old}", newRef, oldRef);
            List<BisectStep> steps = [];
            while (FirstIn(told) is null && !told.Contains("only 'skip'ped commits left", StringComparison.Ordinal))
            {
                var step = await test(tree, Git(tree, "rev-parse", "HEAD"));
                steps.Add(step);
                told = Git(tree, ["bisect", step.Fails is not { } fails ? "skip" : fails == newFails ? New : Old], mayFail: true);
            }
            return new(FirstIn(told), LeftIn(told), steps);
        }
        finally
        {
            Repository.Git(repository, "worktree", "remove", "--force", tree);
        }
    }

    // An end that is not what it is said to be makes every answer wrong.
    private async Task CheckEndAsync(string tree, string reference, bool fails)
    {
        Git(tree, "checkout", "--quiet", "--detach", reference);
        var step = await test(tree, Git(tree, "rev-parse", "HEAD"));
        if (step.Fails != fails) throw new BadInputException($"{reference} is said to {(fails ? "fail" : "be good")}, but {step.Why}");
    }

    private static string? FirstIn(string told) => told.Split('\n').FirstOrDefault(l => l.EndsWith($"is the first {New} commit", StringComparison.Ordinal))?.Split(' ')[0];

    private static string[] LeftIn(string told) => [.. told.Split('\n').Where(l => l.Length >= 40 && l.All(char.IsAsciiHexDigit))];

    private static string Git(string folder, params string[] arguments) => Git(folder, arguments, mayFail: false);

    private static string Git(string folder, string[] arguments, bool mayFail)
    {
        var (code, output) = Repository.GitWithErrors(folder, arguments);
        return code == 0 || mayFail ? output : throw new BadInputException($"git {string.Join(' ', arguments)}: {output.ReplaceLineEndings(" ").Trim()}");
    }
}
