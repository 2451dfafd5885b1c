using System.CommandLine;
using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>
/// The main job: every incident's fixture against each of its agents, compared with what its <c>expected.json</c> states.
/// </summary>
internal static class ReplaysCommand
{
    private sealed record Row(string Incident, ExpectedAgent Expected, ReplayReport Report)
    {
        public bool AsExpected => Report.Verdict == Expected.Verdict && Expected.Hypotheses.All(h => Actual(h.Key) == h.Value.Text());

        public string Actual(string hypothesis) => Report.Hypotheses.FirstOrDefault(h => h.Name == hypothesis)?.Verdict.Text() ?? "not run";
    }

    public static Command Create()
    {
        var folder = new Argument<string>("replays")
        {
            Description = "The folder that holds a folder with expected.json for each incident.",
        };
        var incident = new Argument<string?>("incident") { Description = "Only this incident.", Arity = ArgumentArity.ZeroOrOne };
        var assembly = new Option<string>("--assembly") { Description = "The assembly that holds the drivers.", Required = true };
        var agent = new Option<string?>("--agent") { Description = "Only this agent." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("replays", "Replays every fixture against its agents; exits 0 when each verdict is the expected one.")
        {
            folder,
            incident,
            assembly,
            agent,
            json,
        };
        command.SetAction(
            (parsed, token) =>
                RunAsync(
                    parsed.GetRequiredValue(folder),
                    parsed.GetValue(incident),
                    parsed.GetValue(agent),
                    parsed.GetRequiredValue(assembly),
                    parsed.GetValue(json),
                    token
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string folder,
        string? incident,
        string? agent,
        string assembly,
        bool json,
        CancellationToken token
    )
    {
        var rows = new List<Row>();
        foreach (var file in Files(folder, incident))
        {
            var expected = Expectations.Load(file);
            var fixture = Path.GetRelativePath(Directory.GetCurrentDirectory(), expected.FixturePath);
            var loaded = Mending.Load(fixture);
            if (!json)
                PrintIncident(loaded);
            var before = rows.Count;
            foreach (var one in expected.Agents.Where(a => agent is null || a.Agent == agent))
            {
                var agentOf = Agent.InAssembly(assembly, one.Driver);
                var report = await Replayer.RunAsync(fixture, agentOf, options: null, ProgressLine.OnTerminal(), token);
                rows.Add(new(expected.Incident, one, RunCommand.Worded(report, one.Verdict.Text())));
            }
            if (rows.Count == before)
                throw new BadInputException(
                    $"{file}: there is no agent {agent}; it names {string.Join(", ", expected.Agents.Select(a => a.Agent))}"
                );
            if (!json)
                PrintTable(rows[before..]);
        }
        if (json)
            await Console.Out.WriteLineAsync(
                JsonSerializer.Serialize(new([.. rows.Select(Document)]), ReplaysJson.Readable.ReplaysDocument)
            );
        return (int)Code(rows);
    }

    private static string[] Files(string folder, string? incident)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"{folder}: there is no such folder");
        string[] files =
        [
            .. Directory
                .GetDirectories(folder)
                .Order(StringComparer.Ordinal)
                .Select(d => Path.Combine(d, Expectations.FileName))
                .Where(File.Exists),
        ];
        string[] chosen = [.. files.Where(f => incident is null || Path.GetFileName(Path.GetDirectoryName(f)) == incident)];
        return chosen.Length > 0
            ? chosen
            : throw new BadInputException(
                $"{folder}: there is no incident {incident}; there are "
                    + $"{string.Join(", ", files.Select(f => Path.GetFileName(Path.GetDirectoryName(f))))}"
            );
    }

    private static ExitCode Code(List<Row> rows)
    {
        if (rows.All(r => r.AsExpected))
            return ExitCode.Ok;
        var unexpected = rows.First(r => !r.AsExpected);
        return RunCommand.CodeOf(unexpected.Report.Verdict, unexpected.Expected.Verdict) is var code && code != ExitCode.Ok
            ? code
            : ExitCode.Failure;
    }

    private static void PrintIncident(FixtureFolder folder)
    {
        var fixture = folder.Fixture;
        Console.Out.WriteLine(
            $"# {fixture.Incident}: {fixture.Attempts.Count} {(fixture.Attempts.Count == 1 ? "attempt" : "attempts")} "
                + $"captured{(fixture.Shape.Deterministic ? ", every one failed alike" : "")}\n"
        );
        var traces = Source.Load(folder.Traces);
        if (traces.FirstOrDefault(t => t.TraceId == fixture.Source.TraceIds[0]) is { } first)
            Console.Out.Write(SpanTree.Text(first) + "\n");
        Console.Out.WriteLine($"shape {fixture.Shape.Fingerprint}");
        foreach (var identity in fixture.Shape.Identity)
            Console.Out.WriteLine($"  {identity}");
        Console.Out.WriteLine();
    }

    private static void PrintTable(List<Row> rows)
    {
        string[] hypotheses = [.. rows.SelectMany(r => r.Report.Hypotheses.Select(h => h.Name)).Distinct()];
        List<string[]> cells =
        [
            ["agent", .. hypotheses, "together", ""],
        ];
        foreach (var row in rows)
            cells.Add([
                row.Expected.Agent,
                .. hypotheses.Select(h => Cell(row, h)),
                row.Report.Verdict.Text(),
                row.AsExpected ? "as expected" : $"NOT as expected ({row.Expected.Verdict.Text()})",
            ]);
        var widths = Enumerable.Range(0, cells[0].Length).Select(i => cells.Max(c => c[i].Length)).ToArray();
        foreach (var line in cells)
            Console.Out.WriteLine(string.Join("  ", line.Select((c, i) => c.PadRight(widths[i]))).TrimEnd());
        Console.Out.WriteLine(
            "\n(k/N: the failure showed in k of N schedules; all N orders of completion were explored; a verdict in "
                + "parentheses does not count)\n"
        );
        foreach (var row in rows)
            PrintSentences(row);
    }

    private static string Cell(Row row, string hypothesis)
    {
        if (row.Report.Hypotheses.FirstOrDefault(h => h.Name == hypothesis) is not { } verdict)
            return "-";
        var text = verdict.Schedules.Represented.IsZero
            ? verdict.Verdict.Text()
            : $"{verdict.Verdict.Text()} {verdict.Schedules.Failing}/{verdict.Schedules.Represented}";
        return verdict.Counts ? text : $"({text})";
    }

    private static void PrintSentences(Row row)
    {
        Console.Out.WriteLine($"{row.Expected.Agent}: {row.Report.Sentence}");
        foreach (var hypothesis in row.Report.Hypotheses.Where(h => h.Counts))
        {
            Console.Out.WriteLine($"  {hypothesis.Name}: {hypothesis.Sentence}");
            if (hypothesis.Imposed.Count > 0)
                Console.Out.WriteLine($"    imposed by the mock: {string.Join(", ", hypothesis.Imposed.Select(i => i.Rule).Distinct())}");
        }
        foreach (var (hypothesis, verdict) in row.Expected.Hypotheses.Where(h => row.Actual(h.Key) != h.Value.Text()))
            Console.Out.WriteLine($"  expected {verdict.Text()} under {hypothesis}, got {row.Actual(hypothesis)}");
        if (!row.AsExpected)
            Console.Out.WriteLine($"  rerun: {row.Report.Rerun}");
        Console.Out.WriteLine();
    }

    private static ReplaysRow Document(Row row) =>
        new(row.Incident, row.Expected.Agent, row.Expected.Verdict, row.AsExpected, row.Report.WithoutTraces());
}
