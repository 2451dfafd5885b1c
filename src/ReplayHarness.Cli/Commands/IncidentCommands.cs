using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Evidence;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>Where incidents stand, by their evidence: for people, for closing one, and for CI. Nothing is replayed.</summary>
internal static class IncidentCommands
{
    public static Command Incidents()
    {
        var (folder, assembly, json) = (Folder(), Assembly(), Json());
        var command = new Command(
            "incidents",
            "Where every incident stands: open, reproduced, symptom removed, cause removed, survives, outside, removed, stale."
        )
        {
            folder,
            assembly,
            json,
        };
        command.SetAction(parsed =>
            Tell(
                [.. All(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(assembly))],
                parsed.GetValue(json),
                markdown: false,
                static _ => ExitCode.Ok
            )
        );
        return command;
    }

    public static Command Close()
    {
        var (folder, assembly, json) = (Folder(), Assembly(), Json());
        var incident = new Argument<string>("incident") { Description = "The incident." };
        var outside = new Option<string?>("--outside")
        {
            Description =
                "REASON: closes an incident that the agent survives in every schedule and whose cause lies outside of it. The reason is "
                + "kept in the evidence.",
        };
        var command = new Command("close", "Exits 0 only where current evidence shows that symptom and cause of an incident are gone.")
        {
            folder,
            incident,
            assembly,
            outside,
            json,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(incident);
            IncidentStatus[] all = [.. All(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(assembly))];
            var one =
                Array.Find(all, s => s.Incident == name)
                ?? throw new BadInputException(
                    $"{parsed.GetRequiredValue(folder)}: there is no incident {name}; there are "
                        + $"{string.Join(", ", all.Select(s => s.Incident))}"
                );
            if (parsed.GetValue(outside) is { } reason)
                one = one.CloseOutside(Path.Combine(parsed.GetRequiredValue(folder), name), reason);
            var code = Tell(
                [one],
                parsed.GetValue(json),
                markdown: false,
                static s => s.All(i => i.CanClose) ? ExitCode.Ok : ExitCode.Failure
            );
            if (code == 0)
                return code;
            Console.Error.WriteLine($"replay-harness: {name} cannot be closed: {one.State.Text()}: {one.Reason}");
            Console.Error.WriteLine($"rerun: {Invocation.Again()}");
            return code;
        });
        return command;
    }

    public static Command Gate()
    {
        var (folder, assembly, json) = (Folder(), Assembly(), Json());
        var markdown = new Option<bool>("--markdown") { Description = "The table as Markdown, for a pull request." };
        var races = new Option<bool>("--races")
        {
            Description = "A race between two awaits that is left in a fix counts too, also where no effect of it was seen.",
        };
        var command = new Command(
            "gate",
            "For CI: fails where the fix of an incident does not hold, or its evidence is not current. An incident without "
                + "a fix is no obstacle."
        )
        {
            folder,
            assembly,
            markdown,
            races,
            json,
        };
        command.SetAction(parsed =>
        {
            IEnumerable<IncidentStatus> found = All(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(assembly));
            IncidentStatus[] all = [.. parsed.GetValue(races) ? found.Select(s => s.WithoutRaces()) : found];
            var code = Tell(
                all,
                parsed.GetValue(json),
                parsed.GetValue(markdown),
                static s => s.All(i => i.Passes) ? ExitCode.Ok : ExitCode.Failure
            );
            foreach (var refused in all.Where(s => !s.Passes))
                Console.Error.WriteLine($"replay-harness: {refused.Incident} is refused: {refused.State.Text()}: {refused.Reason}");
            if (code != 0)
                Console.Error.WriteLine($"rerun: {Invocation.Again()}");
            return code;
        });
        return command;
    }

    private static int Tell(IncidentStatus[] incidents, bool json, bool markdown, Func<IncidentStatus[], ExitCode> code)
    {
        if (json)
            JsonOut.Write(IncidentsDocument.Of(incidents), CliJson.Relaxed.IncidentsDocument);
        else
            Console.Out.Write(EvidenceText.Table(incidents, markdown));
        return (int)code(incidents);
    }

    private static IEnumerable<IncidentStatus> All(string folder, string assembly)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"{folder}: there is no such folder");
        string[] found =
        [
            .. Directory
                .GetDirectories(folder)
                .Order(StringComparer.Ordinal)
                .Where(d => File.Exists(Path.Combine(d, Expectations.FileName))),
        ];
        if (found.Length == 0)
            throw new BadInputException($"{folder}: holds no incident; expected a folder with {Expectations.FileName} for each");
        foreach (var incident in found)
            Mending.BeforeReading(incident);
        return found.Select(d => IncidentStatus.Of(Expectations.Load(Path.Combine(d, Expectations.FileName)), d, assembly));
    }

    private static Argument<string> Folder() =>
        new("replays") { Description = "The folder that holds a folder with expected.json for each incident." };

    private static Option<string> Assembly() => new("--assembly") { Description = "The assembly that holds the drivers.", Required = true };

    private static Option<bool> Json() => new("--json") { Description = "One JSON document on standard output." };
}
