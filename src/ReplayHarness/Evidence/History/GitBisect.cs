using ReplayHarness.Traces;

namespace ReplayHarness.Evidence.History;

/// <summary>Runs <c>git bisect</c> in a worktree of its own: the one that the user works in stays as it is.</summary>
internal sealed class GitBisect(string repository, Func<string, string, Task<BisectStep>> test)
{
    private const string Old = "old",
        New = "new";

    /// <summary>Finds the first commit that is new.</summary>
    /// <param name="oldRef">A commit that is not.</param>
    /// <param name="newRef">A later one that is.</param>
    /// <param name="newFails">Whether what is new is the failure; else it is that it is gone.</param>
    /// <exception cref="BadInputException">Git refuses.</exception>
    public async Task<BisectResult> RunAsync(string oldRef, string newRef, bool newFails)
    {
        using var tree = Worktree.At(repository, newRef);
        await CheckEndAsync(tree, newRef, newFails);
        await CheckEndAsync(tree, oldRef, !newFails);
        var told = tree.Git("bisect", "start", $"--term-new={New}", $"--term-old={Old}", newRef, oldRef);
        List<BisectStep> steps = [];
        while (FirstIn(told) is null && !told.Contains("only 'skip'ped commits left", StringComparison.Ordinal))
        {
            var step = await test(tree.Path, tree.Git("rev-parse", "HEAD"));
            steps.Add(step);
            told = tree.GitMayFail(
                "bisect",
                step.Fails is not { } fails ? "skip"
                    : fails == newFails ? New
                    : Old
            );
        }
        return new(FirstIn(told), LeftIn(told), steps);
    }

    // An end that is not what it is said to be makes every answer wrong.
    private async Task CheckEndAsync(Worktree tree, string reference, bool fails)
    {
        tree.Git("checkout", "--quiet", "--detach", reference);
        var step = await test(tree.Path, tree.Git("rev-parse", "HEAD"));
        if (step.Fails != fails)
            throw new BadInputException($"{reference} is said to {(fails ? "fail" : "be good")}, but {step.Why}");
    }

    private static string? FirstIn(string told) =>
        told.Split('\n').FirstOrDefault(l => l.EndsWith($"is the first {New} commit", StringComparison.Ordinal))?.Split(' ')[0];

    private static string[] LeftIn(string told) => [.. told.Split('\n').Where(l => l.Length >= 40 && l.All(char.IsAsciiHexDigit))];
}
