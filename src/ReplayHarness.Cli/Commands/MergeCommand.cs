using System.CommandLine;
using ReplayHarness.Cli.Fleet;
using ReplayHarness.Cli.Fleet.Page;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>Puts the results of several parts together, as if one machine had run them all.</summary>
internal static class MergeCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("results")
        {
            Description =
                "The folders that replays --results wrote: one, or one of each part; or those that run --range wrote; with --groups files "
                + "that inspect --group --json printed.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output, as replays --json prints it." };
        var markdown = new Option<bool>("--markdown") { Description = "A table as Markdown, for a pull request." };
        var junit = new Option<string?>("--junit") { Description = "FILE: writes a JUnit XML file, which CI systems show." };
        var html = new Option<string?>("--html")
        {
            Description = "FILE: writes one page without any network: a table of all jobs, to filter and sort.",
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "FILE: writes how long each job took, by which replays --shard --weights makes parts that take equally long.",
        };
        var groups = new Option<bool>("--groups")
        {
            Description = "Puts together groups of runs instead: prints what inspect --group --json prints for all files.",
        };
        var command = new Command(
            "merge",
            "Puts together what parts of the replays showed; prints and exits as one machine would that had run them all."
        )
        {
            folders,
            json,
            markdown,
            junit,
            html,
            weights,
            groups,
        };
        command.SetAction(async (parsed, token) =>
        {
            if (parsed.GetValue(groups))
            {
                InspectGroups.Merge(parsed.GetRequiredValue(folders));
                return (int)ExitCode.Ok;
            }
            if (parsed.GetRequiredValue(folders).Any(RangeFolder.IsOne))
            {
                Option[] ofMany = [markdown, junit, html, weights];
                if (ofMany.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } many)
                    throw new BadInputException($"{many.Name}: is of many jobs, and these folders hold ranges of one; leave it out");
                var (report, expect) = await RangeRun.MergeAsync(parsed.GetRequiredValue(folders), token);
                return RunCommand.Tell(RunCommand.Worded(report, expect), expect, parsed.GetValue(json));
            }
            var rows = ResultFolder.Merge(parsed.GetRequiredValue(folders));
            if (parsed.GetValue(junit) is { } file)
                JUnitXml.Write(file, rows);
            if (parsed.GetValue(weights) is { } seconds)
                FleetWeights.Of(rows).Write(seconds);
            if (parsed.GetValue(html) is { } page)
                FleetPage.Write(page, rows);
            Print(rows, parsed.GetValue(json), parsed.GetValue(markdown));
            return ReplaysCommand.Tell(rows);
        });
        return command;
    }

    private static void Print(IReadOnlyList<FleetRow> rows, bool json, bool markdown)
    {
        if (json)
            Console.Out.Write(FleetJson.Of(rows) + "\n");
        else if (markdown)
            Console.Out.Write(FleetMarkdown.Of(rows));
        else
            foreach (var incident in rows.GroupBy(r => r.Job.Incident, StringComparer.Ordinal))
                Console.Out.Write(FleetText.Of([.. incident]));
    }
}
