using System.CommandLine;
using System.Globalization;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>Failure shapes by release: a regression, or a one-off?</summary>
internal static class ReleasesCommand
{
    public static Command Create()
    {
        var source = new Source();
        var release = new Option<string?>("--release") { Description = "The release to look at. [default: the one first seen last]" };
        var baseline = new Option<string?>("--baseline")
        {
            Description = "The release to compare it with. [default: the one first seen before it]",
        };
        var shape = new Option<string?>("--shape") { Description = "Only the shape of this fingerprint, in every release." };
        var command = new Command("releases", "Failure shapes by release: new, gone, more frequent, and whether chance explains it.")
        {
            release,
            baseline,
            shape,
        };
        source.AddTo(command);
        command.SetAction(parsed => Run(source, parsed, parsed.GetValue(release), parsed.GetValue(baseline), parsed.GetValue(shape)));
        return command;
    }

    private static int Run(Source source, ParseResult parsed, string? release, string? baseline, string? shape)
    {
        RunSummary[] fleet = [.. RunStream.Of(source, parsed, TraceQuery.All).Select(RunSummary.Of)];
        var releases = ReleaseComparison.InOrder(fleet);
        foreach (var (name, value) in new[] { ("--release", release), ("--baseline", baseline) })
            if (value is not null && !releases.Contains(value, StringComparer.Ordinal))
                throw new BadInputException(
                    $"{name} {value}: no run of {source.Text(parsed)} is of that release; there "
                        + $"{(releases.Length == 1 ? "is" : "are")} "
                        + $"{(releases.Length == 0 ? "none: put service.version on the resource" : string.Join(", ", releases))}"
                );
        if (ReleaseComparison.Of(fleet, release, baseline) is not { } comparison)
            throw new BadInputException(
                $"{source.Text(parsed)}: none of {fleet.Length} run(s) says its release; put service.version on the resource of the traces"
            );
        if (shape is not null)
            PrintShape(source, parsed, fleet, releases, shape);
        else if (parsed.GetValue(source.Json))
            Write(Document(comparison), CliJson.Relaxed.ReleasesDocument);
        else
            Print(comparison);
        return 0;
    }

    private static void Print(ReleaseComparison c)
    {
        Console.Out.WriteLine($"release {c.Release}: {c.Runs} runs, {c.Failed} failed{Percent(c.Failed, c.Runs)}");
        if (c.Baseline is null)
        {
            Console.Out.WriteLine("no release to compare it with: nothing can be told about change");
            foreach (var s in c.Shapes)
                PrintShape(s, $"{s.Runs} runs");
            return;
        }
        Console.Out.WriteLine(
            $"baseline {c.Baseline}: {c.BaselineRuns} runs, {c.BaselineFailed} failed{Percent(c.BaselineFailed, c.BaselineRuns)}"
        );
        if (c.Shapes.Count == 0)
            Console.Out.WriteLine("no failure in either");
        foreach (var s in c.Shapes)
            PrintShape(
                s,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Word(s.Change), -13}  {s.Runs} of {c.Runs}, baseline {s.BaselineRuns} of {c.BaselineRuns}  p = {s.PValue:0.0000}"
                )
            );
        Console.Out.WriteLine(
            "\n(p: Fisher's exact test of the two proportions, corrected for the number of shapes; below 0.05 the change is no chance)"
        );
    }

    private static void PrintShape(ShapeInReleases shape, string what)
    {
        Console.Out.WriteLine($"\n{what}  shape {shape.Shape.Fingerprint}  example {shape.Example}");
        foreach (var identity in shape.Shape.Identity)
            Console.Out.WriteLine($"  {identity}");
    }

    // One shape through all releases: since when, and how often.
    private static void PrintShape(Source source, ParseResult parsed, RunSummary[] fleet, string[] releases, string fingerprint)
    {
        if (!fleet.Any(r => r.Shape.Fingerprint == fingerprint))
            throw new BadInputException(
                $"--shape {fingerprint}: no run of {source.Text(parsed)} has it; list them with: replay-harness inspect "
                    + $"{source.Text(parsed)} --group"
            );
        var rows = releases
            .Select(r =>
                (
                    Release: r,
                    Runs: fleet.Count(f => f.Context.Release == r),
                    Hits: fleet.Count(f => f.Context.Release == r && f.Shape.Fingerprint == fingerprint)
                )
            )
            .ToArray();
        if (parsed.GetValue(source.Json))
        {
            Write(new(fingerprint, [.. rows.Select(r => new ReleaseRow(r.Release, r.Runs, r.Hits))]), CliJson.Relaxed.ShapeDocument);
            return;
        }
        Console.Out.WriteLine($"shape {fingerprint} by release, oldest first");
        foreach (var (release, runs, hits) in rows)
            Console.Out.WriteLine($"  {release}  {hits} of {runs} runs{Percent(hits, runs)}");
    }

    private static string Percent(int part, int whole) =>
        whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({100.0 * part / whole:0.0}%)");

    private static string Word(ShapeChange change) =>
        change switch
        {
            ShapeChange.New => "new",
            ShapeChange.OneOff => "one-off",
            ShapeChange.Gone => "gone",
            ShapeChange.NotSeen => "not seen",
            ShapeChange.MoreFrequent => "more frequent",
            ShapeChange.LessFrequent => "less frequent",
            _ => "same",
        };

    private static ReleasesDocument Document(ReleaseComparison c) =>
        new(c.Release, c.Runs, c.Failed, c.Baseline, c.BaselineRuns, c.BaselineFailed, [.. c.Shapes.Select(Row)]);

    private static ShapeInReleasesRow Row(ShapeInReleases s) =>
        new(
            s.Shape.Fingerprint,
            Word(s.Change),
            s.Runs,
            s.BaselineRuns,
            s.PValue,
            s.Example,
            [.. s.Shape.Identity.Select(i => i.ToString())]
        );
}
