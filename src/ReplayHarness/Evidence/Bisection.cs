using ReplayHarness.Evidence.History;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Evidence;

/// <summary>What a commit is.</summary>
/// <param name="Commit">Its hash.</param>
/// <param name="Fails">Whether the failure shows; null where that cannot be told.</param>
/// <param name="Why">A sentence.</param>
public sealed record BisectStep(string Commit, bool? Fails, string Why);

/// <summary>What was found.</summary>
/// <param name="First">The first commit that fails (or, where asked, that no longer does); null where those left cannot be told.</param>
/// <param name="Left">The commits it is among, where it cannot be told.</param>
/// <param name="Steps">What was tried, in order.</param>
public sealed record BisectResult(string? First, IReadOnlyList<string> Left, IReadOnlyList<BisectStep> Steps);

/// <summary>Finds the commit that brought a failure, or its end.</summary>
public static class Bisection
{
    /// <summary>
    /// Runs <c>git bisect</c> in a worktree of its own: each commit's agent is built and replayed. A commit that does not build, or of
    /// which nothing is established, is passed over.
    /// </summary>
    /// <param name="fixture">The fixture's folder; the one that lies there now is replayed at every commit.</param>
    /// <param name="agent">The project of the driver, in the repository that the current folder lies in.</param>
    /// <param name="good">A commit in which the failure does not show.</param>
    /// <param name="bad">A commit in which it does.</param>
    /// <param name="ended">True where the good commit is the later one: finds the first in which the failure no longer shows.</param>
    /// <param name="options">How each commit is replayed; null for every order, matched strictly.</param>
    /// <param name="onStep">Hears of each commit that was tried; null for nobody.</param>
    /// <param name="cancellationToken">Stops it; what was tried so far is not told.</param>
    /// <exception cref="BadInputException">Fixture, project or commit cannot be used, or a commit is not what it is said to be.</exception>
    /// <exception cref="MissingToolException">There is no Git, or no .NET SDK.</exception>
    public static async Task<BisectResult> RunAsync(
        string fixture,
        AgentProject agent,
        string good,
        string bad,
        bool ended = false,
        ReplayOptions? options = null,
        Action<BisectStep>? onStep = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(agent);
        // Its path must hold in every worktree.
        var folder = Path.GetFullPath(fixture);
        FixtureFolder.Load(folder);
        var root = Worktree.RepositoryOf("bisect");
        var project = agent.In(root);
        var bisect = new GitBisect(
            root,
            async (tree, commit) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (assembly, why) = await AgentBuild.RunAsync(tree, project);
                var step = assembly is null
                    ? new BisectStep(commit, null, why)
                    : await StepOfAsync(
                        commit,
                        () => Replayer.RunAsync(folder, Agent.InAssembly(assembly, agent.Driver), options, null, cancellationToken)
                    );
                onStep?.Invoke(step);
                return step;
            }
        );
        return await bisect.RunAsync(ended ? bad : good, ended ? good : bad, newFails: !ended);
    }

    private static async Task<BisectStep> StepOfAsync(string commit, Func<Task<ReplayReport>> replay)
    {
        try
        {
            var report = await replay();
            var shows = report.Hypotheses.Any(h => h is { Counts: true, Remaining.Count: > 0 });
            var told = report.Verdict is not (VerdictKind.Diverged or VerdictKind.NotEstablished);
            return new(
                commit,
                shows ? true
                    : told ? false
                    : null,
                $"{report.Verdict.Text()}: {report.Sentence}"
            );
        }
        catch (BadInputException e)
        {
            return new(commit, null, e.Message);
        }
    }
}
