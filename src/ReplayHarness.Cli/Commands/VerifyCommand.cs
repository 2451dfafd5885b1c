using System.CommandLine;
using ReplayHarness.Fixtures;
using ReplayHarness.Verdicts;
using ReplayHarness.Verdicts.Evidence;

namespace ReplayHarness.Cli.Commands;

/// <summary>Both agents, the one that failed and the mended one, and what that shows, as files.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var fixture = new Argument<string>("fixture") { Description = "The fixture's folder." };
        var broken = new Option<string>("--broken") { Description = "DLL[:TYPE]: the agent as it failed. It must reproduce the failure.", Required = true };
        var mended = new Option<string?>("--fixed") { Description = "DLL[:TYPE]: the mended agent. The failure must be removed." };
        var output = new Option<string>("--out") { Description = "The incident's folder, in which evidence.json and evidence.md are written.", Required = true };
        var json = new Option<bool>("--json") { Description = "What evidence.json holds on standard output, too." };
        var options = new RunOptions();
        var command = new Command("verify", "Shows that a failure happens with one agent and not with the other, and writes the evidence.") { fixture, broken, mended, output, json };
        options.AddTo(command);
        command.SetAction(async (parsed, token) =>
        {
            ReplayJob JobOf(string agent)
            {
                var (dll, type) = RunCommand.SplitAgent(agent);
                return options.JobOf(parsed, parsed.GetRequiredValue(fixture), dll, type);
            }
            return await RunAsync(JobOf(parsed.GetRequiredValue(broken)), parsed.GetValue(mended) is { } agent ? JobOf(agent) : null, parsed.GetRequiredValue(output), parsed.GetValue(json), token);
        });
        return command;
    }

    private static async Task<int> RunAsync(ReplayJob broken, ReplayJob? mended, string folder, bool json, CancellationToken token)
    {
        var fixture = FixtureFolder.Load(broken.Fixture);
        var failed = await ReplayAsync(broken, token);
        var better = mended is null ? null : await ReplayAsync(mended, token);
        var (commit, date) = Repository.Head(Directory.GetCurrentDirectory());
        var evidence = EvidenceFile.Of(fixture, failed, better) with { Commit = commit, Date = date };
        Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, EvidenceFile.FileName), evidence.ToJson());
        Write(Path.Combine(folder, Path.ChangeExtension(EvidenceFile.FileName, ".md")), EvidenceText.Markdown(evidence));
        if (json) await Console.Out.WriteAsync(evidence.ToJson());
        else Tell(failed, better, folder);
        var code = RunCommand.CodeOf(failed.Verdict, VerdictKind.Reproduced);
        return (int)(code == ExitCode.Ok && better is not null ? RunCommand.CodeOf(better.Verdict, VerdictKind.Removed) : code);
    }

    /// <summary>What a job shows, replayed in a host of its own.</summary>
    public static async Task<ReplayReport> ReplayAsync(ReplayJob job, CancellationToken token)
    {
        using var host = ReplayHost.Start(job.Assembly);
        var report = await host.RunAsync(job, ProgressLine.OnTerminal(), token);
        ProgressLine.Clear();
        // Paths as they were given: evidence is read on other machines.
        return report with { Job = job };
    }

    private static void Tell(ReplayReport failed, ReplayReport? better, string folder)
    {
        Console.Out.WriteLine($"broken: {failed.Verdict.Text()}: {failed.Sentence}");
        if (failed.Verdict != VerdictKind.Reproduced) Console.Out.WriteLine("  a fix of an agent that does not fail shows nothing: the broken agent must reproduce the failure");
        if (better is not null) Console.Out.WriteLine($"fixed:  {better.Verdict.Text()}: {better.Sentence}");
        Console.Out.WriteLine($"evidence: {Path.Combine(folder, EvidenceFile.FileName)}");
        Console.Out.WriteLine($"rerun: {Invocation.Again()}");
    }

    private static void Write(string file, string text)
    {
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }
}
