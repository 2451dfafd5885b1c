using ReplayHarness.Judging;
using ReplayHarness.Running;

namespace ReplayHarness.Evidence.History;

/// <summary>Reverts each hunk of a fix alone and replays: what the verdict does not notice, nothing guards.</summary>
/// <param name="repository">The repository.</param>
/// <param name="project">The project of the driver, relative to it.</param>
/// <param name="apart">Folders whose changes are no part of the fix: the fixture and the evidence.</param>
/// <param name="mended">What the whole fix showed.</param>
/// <param name="replay">Replays an assembly.</param>
internal sealed class HunkTrials(
    string repository,
    string project,
    IEnumerable<string> apart,
    AgentEvidence mended,
    Func<string, Task<ReplayReport>> replay
)
{
    /// <summary>Every hunk between two commits, in order of the files' names.</summary>
    public async Task<IReadOnlyList<HunkEvidence>> RunAsync(string before, string after, Action<int, int, HunkEvidence> onTried)
    {
        using var tree = Worktree.At(repository, after);
        var patch = Path.GetTempFileName();
        try
        {
            string[] fix =
            [
                "--",
                ".",
                .. apart.Select(folder => $":(exclude){Path.GetRelativePath(repository, Path.GetFullPath(folder))}"),
            ];
            tree.Git([
                "-c",
                "core.quotepath=off",
                "diff",
                "--no-color",
                "--no-ext-diff",
                "--no-renames",
                $"--output={patch}",
                before,
                after,
                .. fix,
            ]);
            FixHunk[] hunks = [.. FixHunks.In(await File.ReadAllTextAsync(patch))];
            List<HunkEvidence> tried = [];
            foreach (var hunk in hunks)
            {
                await File.WriteAllTextAsync(patch, hunk.Patch);
                tree.Git("apply", "--reverse", "--whitespace=nowarn", patch);
                tried.Add(await TryAsync(tree.Path, hunk));
                onTried(tried.Count, hunks.Length, tried[^1]);
                tree.Git("reset", "--hard", "--quiet");
                tree.Git("clean", "-d", "--force", "--quiet");
            }
            return tried;
        }
        finally
        {
            File.Delete(patch);
        }
    }

    private async Task<HunkEvidence> TryAsync(string tree, FixHunk hunk)
    {
        HunkEvidence As(HunkResult result, string without) => new(hunk.File, hunk.Line, hunk.Changed, result, without);
        var (assembly, why) = await AgentBuild.RunAsync(tree, project);
        if (assembly is null)
            return As(HunkResult.NotAlone, why);
        if (mended.IsOf(assembly))
            return As(HunkResult.NoCode, "the agent's code is the same without it");
        var report = await replay(assembly);
        return As(report.Verdict == mended.Verdict ? HunkResult.NotNoticed : HunkResult.Noticed, report.Verdict.Text());
    }
}
