using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ReplayHarness.Cli.History;
using ReplayHarness.Evidence;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>Both agents, the one that failed and the mended one, and what that shows, as files.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string?> s_broken = new("--broken")
    {
        Description = "DLL[:TYPE]: the agent as it failed. It must reproduce the failure.",
    };
    private static readonly Option<string?> s_brokenRef = new("--broken-ref")
    {
        Description = "Instead of --broken: the commit at which the project that --fixed names is built as it failed.",
    };
    private static readonly Option<string?> s_mended = new("--fixed")
    {
        Description = "DLL[:TYPE], or PROJECT[:TYPE], which is built first: the mended agent. The failure must be removed.",
    };
    private static readonly Option<bool> s_mutate = new("--mutate")
    {
        Description = "With --broken-ref: reverts each hunk of the fix alone, and tells which the verdict does not notice.",
    };
    private static readonly Option<string> s_output = new("--out")
    {
        Description = "The incident's folder, in which evidence.json and evidence.md are written.",
        Required = true,
    };
    private static readonly Option<bool> s_json = new("--json") { Description = "What evidence.json holds on standard output, too." };

    public static Command Create()
    {
        var fixture = new Argument<string>("fixture") { Description = "The fixture's folder." };
        var options = new RunOptions();
        var command = new Command("verify", "Shows that a failure happens with one agent and not with the other, and writes the evidence.")
        {
            fixture,
            s_broken,
            s_brokenRef,
            s_mended,
            s_mutate,
            s_output,
            s_json,
        };
        options.AddTo(command);
        command.Validators.Add(Validate);
        command.SetAction(
            (parsed, token) =>
            {
                var folder = FixtureFolder.Load(parsed.GetRequiredValue(fixture));
                return RunAsync(
                    parsed,
                    folder,
                    (dll, type) =>
                        RunCommand.ReplayAsync(parsed.GetRequiredValue(fixture), Agent.InAssembly(dll, type), options.Of(parsed), token)
                );
            }
        );
        return command;
    }

    private static void Validate(CommandResult result)
    {
        var (broken, reference, mended) = (result.GetValue(s_broken), result.GetValue(s_brokenRef), result.GetValue(s_mended));
        if (broken is null == reference is null)
            result.AddError("expected one of --broken and --broken-ref");
        if (reference is not null && (mended is null || !AgentBuild.IsProject(RunCommand.SplitAgent(mended).Dll)))
            result.AddError("--broken-ref: needs the project that it builds; expected --fixed PROJECT[:TYPE]");
        if (result.GetValue(s_mutate) && reference is null)
            result.AddError("--mutate: needs the commit before the fix; expected --broken-ref COMMIT");
    }

    private static async Task<int> RunAsync(ParseResult parsed, FixtureFolder fixture, Func<string, string?, Task<ReplayReport>> replay)
    {
        var (reference, agent) = (parsed.GetValue(s_brokenRef), parsed.GetValue(s_mended));
        using var tree = reference is null ? null : Worktree.At(Worktree.RepositoryOf("--broken-ref"), reference);
        var broken = await (tree is null ? ReplayAsync(parsed.GetRequiredValue(s_broken)!, replay) : ReplayInAsync(tree, agent!, replay));
        var mended = agent is null ? null : await ReplayAsync(agent, replay);
        var (commit, date) = Repository.Head(Directory.GetCurrentDirectory());
        var evidence = EvidenceFile.Of(fixture, broken, mended) with { Commit = commit, Date = date };
        if (tree is not null)
            evidence = evidence with { Broken = evidence.Broken with { Ref = tree.Commit, Rerun = Invocation.Again() } };
        if (parsed.GetValue(s_mutate))
            evidence = evidence with
            {
                Hunks = await TryHunksAsync(tree!, agent!, [fixture.Path, parsed.GetRequiredValue(s_output)], evidence.Fixed!, replay),
            };
        Write(parsed.GetRequiredValue(s_output), evidence);
        if (parsed.GetValue(s_json))
            await Console.Out.WriteAsync(evidence.ToJson());
        else
            Tell(evidence, parsed.GetRequiredValue(s_output));
        var code = RunCommand.CodeOf(broken.Verdict, VerdictKind.Reproduced);
        return (int)(code == ExitCode.Ok && mended is not null ? RunCommand.CodeOf(mended.Verdict, VerdictKind.Removed) : code);
    }

    private static async Task<ReplayReport> ReplayAsync(string agent, Func<string, string?, Task<ReplayReport>> replay)
    {
        var (dll, type) = RunCommand.SplitAgent(agent);
        if (!AgentBuild.IsProject(dll))
            return await replay(dll, type);
        var assembly = await BuildAsync(Directory.GetCurrentDirectory(), AgentBuild.ProjectFile(dll));
        return await replay(Path.GetRelativePath(Directory.GetCurrentDirectory(), assembly), type);
    }

    private static async Task<ReplayReport> ReplayInAsync(Worktree tree, string agent, Func<string, string?, Task<ReplayReport>> replay)
    {
        var (project, type) = RunCommand.SplitAgent(agent);
        return await replay(await BuildAsync(tree.Path, Path.GetRelativePath(tree.Repository, AgentBuild.ProjectFile(project))), type);
    }

    private static async Task<string> BuildAsync(string tree, string project)
    {
        var (assembly, why) = await AgentBuild.RunAsync(tree, project);
        return assembly ?? throw new BadInputException($"{project}: {why}");
    }

    private static async Task<IReadOnlyList<HunkEvidence>> TryHunksAsync(
        Worktree before,
        string agent,
        string[] apart,
        AgentEvidence mended,
        Func<string, string?, Task<ReplayReport>> replay
    )
    {
        var (project, type) = RunCommand.SplitAgent(agent);
        var now = Repository.Snapshot(before.Repository) ?? throw new BadInputException("--mutate: Git cannot tell the tree as it is now");
        var trials = new HunkTrials(
            before.Repository,
            Path.GetRelativePath(before.Repository, AgentBuild.ProjectFile(project)),
            apart.Where(f => !Path.GetRelativePath(before.Repository, Path.GetFullPath(f)).StartsWith("..", StringComparison.Ordinal)),
            mended,
            assembly => replay(assembly, type)
        );
        return await trials.RunAsync(
            before.Commit,
            now,
            (tried, all, hunk) =>
                Console.Error.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"hunk {tried} of {all}, {hunk.Place}: {hunk.Result.Text()}")
                )
        );
    }

    private static void Tell(EvidenceFile evidence, string folder)
    {
        Console.Out.WriteLine($"broken: {evidence.Broken.Verdict.Text()}: {evidence.Broken.Sentence}");
        if (evidence.Broken.Verdict != VerdictKind.Reproduced)
            Console.Out.WriteLine("  a fix of an agent that does not fail shows nothing: the broken agent must reproduce the failure");
        if (evidence.Fixed is { } mended)
            Console.Out.WriteLine($"fixed:  {mended.Verdict.Text()}: {mended.Sentence}");
        foreach (var hunk in evidence.Hunks?.Where(h => h.Result != HunkResult.NoCode) ?? [])
            Console.Out.WriteLine($"hunk:   {hunk.Result.Text(), -11}  {hunk.Place}  {hunk.Changed}  (without it: {hunk.Without})");
        Console.Out.WriteLine($"evidence: {Path.Combine(folder, EvidenceFile.FileName)}");
        Console.Out.WriteLine($"rerun: {Invocation.Again()}");
    }

    private static void Write(string folder, EvidenceFile evidence)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, EvidenceFile.FileName);
        WholeFile.Write(file, evidence.ToJson());
        WholeFile.Write(Path.ChangeExtension(file, ".md"), EvidenceText.Markdown(evidence));
    }
}
