using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ReplayHarness.Evidence;
using ReplayHarness.Evidence.History;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;

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
    private static readonly Option<int?> s_jobs = new("--jobs")
    {
        Description = "2: both replays at once, each in a process of its own; not with --broken-ref, which builds between them.",
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
            s_jobs,
            s_json,
        };
        options.AddTo(command);
        options.RefuseFewOrders(command);
        command.Validators.Add(Validate);
        command.SetAction((parsed, token) => RunAsync(parsed, parsed.GetRequiredValue(fixture), options.Of(parsed), token));
        return command;
    }

    private static void Validate(CommandResult result)
    {
        var (broken, reference, mended) = (result.GetValue(s_broken), result.GetValue(s_brokenRef), result.GetValue(s_mended));
        if (broken is null == reference is null)
            result.AddError("expected one of --broken and --broken-ref");
        if (reference is not null && (mended is null || !AgentBuild.IsProject(RunCommand.SplitAgent(mended).Dll)))
            result.AddError("--broken-ref: needs the project that it builds; expected --fixed PROJECT[:TYPE]");
        if (result.GetValue(s_jobs) is < 1 or > 2)
            result.AddError("--jobs: expected 1 or 2");
        if (result.GetValue(s_mutate) && reference is null)
            result.AddError("--mutate: needs the commit before the fix; expected --broken-ref COMMIT");
    }

    private static async Task<int> RunAsync(ParseResult parsed, string fixture, ReplayOptions options, CancellationToken token)
    {
        Mending.BeforeWriting(parsed.GetRequiredValue(s_output));
        Mending.BeforeReading(fixture);
        var evidence = await (
            parsed.GetValue(s_brokenRef) is { } reference
                ? SinceAsync(parsed, fixture, reference, options, token)
                : BothAsync(parsed, fixture, options, token)
        );
        ProgressLine.Clear();
        evidence.Save(parsed.GetRequiredValue(s_output));
        if (parsed.GetValue(s_json))
            await Console.Out.WriteAsync(evidence.ToJson());
        else
            Tell(evidence, parsed.GetRequiredValue(s_output));
        var code = RunCommand.CodeOf(evidence.Broken.Verdict, VerdictKind.Reproduced);
        return (int)(code == ExitCode.Ok && evidence.Fixed is { } mended ? RunCommand.CodeOf(mended.Verdict, VerdictKind.Removed) : code);
    }

    private static async Task<EvidenceFile> BothAsync(ParseResult parsed, string fixture, ReplayOptions options, CancellationToken token)
    {
        FixtureFolder.Load(fixture);
        var broken = await AgentAsync(parsed.GetRequiredValue(s_broken)!);
        var mended = parsed.GetValue(s_mended) is { } agent ? await AgentAsync(agent) : null;
        return await Verification.RunAsync(
            fixture,
            broken,
            mended,
            options,
            parsed.GetValue(s_jobs) ?? 1,
            ProgressLine.OnTerminal(),
            token
        );
    }

    // The command that was typed says more than one without its options could.
    private static async Task<EvidenceFile> SinceAsync(
        ParseResult parsed,
        string fixture,
        string reference,
        ReplayOptions options,
        CancellationToken token
    )
    {
        var (project, driver) = RunCommand.SplitAgent(parsed.GetRequiredValue(s_mended)!);
        var how = new VerificationOptions
        {
            Replay = options,
            RevertsHunks = parsed.GetValue(s_mutate),
            Apart = [parsed.GetRequiredValue(s_output)],
            OnHunk = Tell,
        };
        var evidence = await Verification.RunSinceAsync(
            fixture,
            reference,
            new AgentProject(project, driver),
            how,
            ProgressLine.OnTerminal(),
            token
        );
        return evidence with { Broken = evidence.Broken with { Rerun = Invocation.Again() } };
    }

    // DLL[:TYPE], or PROJECT[:TYPE], which is built first.
    private static async Task<Agent> AgentAsync(string agent)
    {
        var (path, type) = RunCommand.SplitAgent(agent);
        return AgentBuild.IsProject(path) ? await new AgentProject(path, type).BuildAsync() : Agent.InAssembly(path, type);
    }

    private static void Tell(int tried, int all, HunkEvidence hunk)
    {
        ProgressLine.Clear();
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hunk {tried} of {all}, {hunk.Place}: {hunk.Result.Text()}"));
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
}
