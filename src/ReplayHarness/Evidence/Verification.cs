using ReplayHarness.Diagnosis;
using ReplayHarness.Evidence.History;
using ReplayHarness.Fixtures;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Evidence;

/// <summary>How a fix is verified against the commit before it.</summary>
public sealed record VerificationOptions
{
    /// <summary>How each agent is replayed.</summary>
    public ReplayOptions Replay { get; init; } = new();

    /// <summary>Whether each hunk of the fix is reverted alone, too: what the verdict does not notice, nothing guards.</summary>
    public bool RevertsHunks { get; init; }

    /// <summary>Folders whose changes are no part of the fix, beside the fixture's: where its evidence is written, for one.</summary>
    public IReadOnlyList<string> Apart { get; init; } = [];

    /// <summary>Hears of each hunk that was tried, with its number from 1 and how many there are; null for nobody.</summary>
    public Action<int, int, HunkEvidence>? OnHunk { get; init; }
}

/// <summary>Shows that a failure happens with one agent and not with the other.</summary>
public static class Verification
{
    /// <summary>Replays the agent as it failed and the mended one. What they show is evidence, whatever it is: see the verdicts.</summary>
    /// <param name="fixture">The fixture's folder.</param>
    /// <param name="broken">The agent as it failed: it must reproduce the failure, or a fix shows nothing.</param>
    /// <param name="mended">The mended agent; null where there is none yet.</param>
    /// <param name="options">How both are replayed; null for every order, matched strictly.</param>
    /// <param name="progress">Hears a few times a second how far a replay is; null for nobody.</param>
    /// <param name="cancellationToken">Stops the exploration.</param>
    /// <exception cref="BadInputException">Fixture or agent cannot be used, or the agent runs in another process.</exception>
    /// <exception cref="HostFailedException">The host process ended without an answer.</exception>
    /// <exception cref="UncontrollableRuntimeException">This .NET runtime cannot be controlled.</exception>
    public static Task<EvidenceFile> RunAsync(
        string fixture,
        Agent broken,
        Agent? mended = null,
        ReplayOptions? options = null,
        IProgress<ReplayProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => RunAsync(fixture, broken, mended, options, 1, progress, cancellationToken);

    /// <summary>The same, with both replays at once where two may run.</summary>
    internal static async Task<EvidenceFile> RunAsync(
        string fixture,
        Agent broken,
        Agent? mended,
        ReplayOptions? options,
        int atOnce,
        IProgress<ReplayProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        HostPool.Expect(mended is null ? 1 : Math.Min(atOnce, 2));
        var first = ReplayAsync(fixture, broken, options, progress, cancellationToken);
        if (atOnce == 1)
            await first;
        // One line of progress is enough.
        var second = mended is null ? null : ReplayAsync(fixture, mended, options, atOnce == 1 ? progress : null, cancellationToken);
        await Task.WhenAll(second is null ? [first] : [first, second]);
        var (before, after) = (await first, second is null ? null : await second);
        var (commit, date) = GitRepository.Head(Directory.GetCurrentDirectory());
        return EvidenceFile.Of(FixtureFolder.Load(fixture), before, after) with { Commit = commit, Date = date };
    }

    /// <summary>Builds an agent at the commit at which it failed, and as it is now, and replays both.</summary>
    /// <param name="fixture">The fixture's folder.</param>
    /// <param name="brokenRef">The commit at which it failed, in the repository that the current folder lies in.</param>
    /// <param name="agent">Its project.</param>
    /// <param name="options">How; null for every order, matched strictly, without looking at hunks.</param>
    /// <param name="progress">Hears a few times a second how far a replay is; null for nobody.</param>
    /// <param name="cancellationToken">Stops the exploration.</param>
    /// <exception cref="BadInputException">Fixture, project or commit cannot be used; the message says why.</exception>
    /// <exception cref="MissingToolException">There is no Git, or no .NET SDK.</exception>
    /// <exception cref="HostFailedException">The host process ended without an answer.</exception>
    /// <exception cref="UncontrollableRuntimeException">This .NET runtime cannot be controlled.</exception>
    public static async Task<EvidenceFile> RunSinceAsync(
        string fixture,
        string brokenRef,
        AgentProject agent,
        VerificationOptions? options = null,
        IProgress<ReplayProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(agent);
        options ??= new();
        var folder = FixtureFolder.Load(fixture);
        using var tree = Worktree.At(Worktree.RepositoryOf("the agent of an earlier commit"), brokenRef);
        var before = await ReplayAsync(fixture, await agent.BuildInAsync(tree), options.Replay, progress, cancellationToken);
        var after = await ReplayAsync(fixture, await agent.BuildAsync(), options.Replay, progress, cancellationToken);
        var (commit, date) = GitRepository.Head(Directory.GetCurrentDirectory());
        var evidence = EvidenceFile.Of(folder, before, after) with { Commit = commit, Date = date };
        // The worktree is gone afterwards: the commit says more than a path in it.
        evidence = evidence with
        {
            Broken = evidence.Broken with { Ref = tree.Commit, Rerun = RerunOf(fixture, brokenRef, agent) },
        };
        if (!options.RevertsHunks)
            return evidence;
        var hunks = await HunksAsync(
            tree,
            agent,
            [folder.Path, .. options.Apart],
            evidence.Fixed!,
            options.OnHunk,
            a => ReplayAsync(fixture, a, options.Replay, progress, cancellationToken)
        );
        return evidence with { Hunks = hunks };
    }

    private static async Task<IReadOnlyList<HunkEvidence>> HunksAsync(
        Worktree before,
        AgentProject agent,
        IEnumerable<string> apart,
        AgentEvidence mended,
        Action<int, int, HunkEvidence>? onTried,
        Func<Agent, Task<ReplayReport>> replay
    )
    {
        var now =
            GitRepository.Snapshot(before.Repository)
            ?? throw new BadInputException("the fix cannot be parted into hunks: Git cannot tell the tree as it is now");
        var trials = new HunkTrials(
            before.Repository,
            agent.In(before.Repository),
            apart.Where(f => !Path.GetRelativePath(before.Repository, Path.GetFullPath(f)).StartsWith("..", StringComparison.Ordinal)),
            mended,
            assembly => replay(Agent.InAssembly(assembly, agent.Driver))
        );
        return await trials.RunAsync(before.Commit, now, (tried, all, hunk) => onTried?.Invoke(tried, all, hunk));
    }

    private static async Task<ReplayReport> ReplayAsync(
        string fixture,
        Agent agent,
        ReplayOptions? options,
        IProgress<ReplayProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var report = await Replayer.RunAsync(fixture, agent, options, progress, cancellationToken);
        return report.Job.Assembly is null
            ? throw new BadInputException($"{report.Job.Agent}: evidence is of an agent in an assembly, whose code can be hashed")
            : report;
    }

    private static string RerunOf(string fixture, string brokenRef, AgentProject agent) =>
        $"{RerunCommand.Tool} verify {NextCommands.Quoted(fixture)} --broken-ref {NextCommands.Quoted(brokenRef)} --fixed "
        + NextCommands.Quoted(agent.Driver is null ? agent.Path : $"{agent.Path}:{agent.Driver}");
}
