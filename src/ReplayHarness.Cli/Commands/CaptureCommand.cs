using System.CommandLine;
using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Readiness;
using ReplayHarness.Fixtures;
using ReplayHarness.Stores;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>From the traces of an incident to a fixture.</summary>
internal static class CaptureCommand
{
    public static Command Create()
    {
        var source = new Source();
        var selection = new Selection();
        var output = new Option<string>("--out")
        {
            Description = "The fixture's folder; its name is the incident's name.",
            Required = true,
        };
        var healthy = new Option<string?>("--healthy")
        {
            Description = "A source that shows the calls that failed as they go when nothing is wrong.",
        };
        var finding = FindingOption();
        var (keep, redact) = (Redactions.KeepOption(), Redactions.PatternOption());
        var (rules, names) = (Redactions.RulesOption(), Redactions.NamesOption());
        var command = new Command("capture", "A fixture of all attempts, redacted, with its shape and hypotheses.")
        {
            output,
            healthy,
            finding,
            keep,
            redact,
            rules,
            names,
        };
        selection.AddTo(command);
        source.AddTo(command);
        command.Validators.Add(result => Redactions.Validate(result, keep, redact));
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            Mending.BeforeWriting(folder);
            var (traces, selected) = selection.Load(source, parsed);
            Tell(
                folder,
                FixtureCapture
                    .Write(
                        folder,
                        traces,
                        new CaptureOptions
                        {
                            Selected = selected,
                            Healthy = parsed.GetValue(healthy) is { } h ? Source.Load(h) : [],
                            Findings = parsed.GetValue(finding) ?? [],
                            HowToPromote = rule => $"run {Again(parsed)} --finding {rule}",
                            Redaction = Redactions.Options(parsed, keep, redact, rules, names),
                        }
                    )
                    .Fixture
            );
            foreach (var gap in AgentRuns.Read(traces).SelectMany(TelemetryGap.Of).Distinct())
                Console.Out.Write($"missing: {gap.Missing}\n  turn it on: {gap.Remedy}\n");
            Console.Out.WriteLine($"next: replay-harness run {NextCommands.Quoted(folder)} --agent DLL[:TYPE]");
        });
        return command;
    }

    /// <summary>Rules that are judged although they are observations.</summary>
    public static Option<string[]> FindingOption() =>
        new("--finding") { Description = "A rule to judge although it is an observation, such as handled-tool-error. May be given again." };

    /// <summary>The command that is run, as it can be typed again.</summary>
    public static string Again(ParseResult parsed) =>
        $"replay-harness {string.Join(' ', parsed.Tokens.Select(t => NextCommands.Quoted(Secret.Hide(t.Value))))}";

    /// <summary>Says what was captured.</summary>
    public static void Tell(string folder, Fixture fixture)
    {
        Console.Out.WriteLine(
            $"{folder}: {fixture.Attempts.Count} attempt(s), {fixture.Behaviours.Count} tool calls, shape {fixture.Shape.Fingerprint}"
        );
        foreach (var identity in fixture.Shape.Identity)
            Console.Out.WriteLine($"  {identity}");
        Console.Out.WriteLine($"hypotheses: {string.Join(", ", fixture.Hypotheses.Select(h => h.Name))}");
        foreach (var line in CapturedDifferences.Of(fixture))
            Console.Out.WriteLine($"differs: {line}");
        foreach (var redaction in fixture.Redactions)
            Console.Out.WriteLine($"redacted: {redaction.Values} {redaction.Kind} in {redaction.Occurrences} place(s)");
        if (!Directory.Exists(Path.Combine(folder, "http")))
            Console.Out.WriteLine($"healthy@http tries captured results as responses; author others in {Path.Combine(folder, "http")}");
    }
}
