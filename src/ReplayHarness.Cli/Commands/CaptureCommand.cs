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
        var settings = new CaptureSettings();
        var output = new Option<string>("--out")
        {
            Description = "The fixture's folder; its name is the incident's name.",
            Required = true,
        };
        var command = new Command("capture", "A fixture of all attempts, redacted, with its shape and hypotheses.")
        {
            output,
        };
        settings.AddTo(command);
        selection.AddTo(command);
        source.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            Mending.BeforeWriting(folder);
            var (traces, selected) = selection.Load(source, parsed);
            var fixture = FixtureCapture.Write(folder, traces, settings.Of(parsed, selected)).Fixture;
            Tell(folder, fixture);
            foreach (var gap in AgentRuns.Read(traces).SelectMany(TelemetryGap.Of).Distinct())
                Console.Out.Write($"missing: {gap.Missing}\n  turn it on: {gap.Remedy}\n");
            TellWhatHealthyLacks(fixture, Again(parsed));
            Console.Out.WriteLine($"next: replay-harness run {NextCommands.Quoted(folder)} --agent DLL[:TYPE]");
        });
        return command;
    }

    /// <summary>The command that is run, as it can be typed again.</summary>
    public static string Again(ParseResult parsed) =>
        $"replay-harness {string.Join(' ', parsed.Tokens.Select(t => NextCommands.Quoted(Secret.Hide(t.Value))))}";

    /// <summary>Names the tools of which no result is known, so that healthy@http could establish nothing, and what to type.</summary>
    /// <param name="fixture">The fixture.</param>
    /// <param name="again">The command that captures it.</param>
    public static void TellWhatHealthyLacks(Fixture fixture, string again)
    {
        if (fixture.Hypotheses.FirstOrDefault(h => h.Name == "healthy@http") is not { } hypothesis)
            return;
        var known = fixture
            .Behaviours.Where(b => b.Result is not null)
            .Select(b => FixtureIndex.Key(b.Tool, b.Arguments))
            .Concat(hypothesis.Healthy.Select(h => FixtureIndex.Key(h.Tool, h.Arguments)))
            .ToHashSet();
        string[] tools =
        [
            .. fixture
                .Behaviours.Where(b => !known.Contains(FixtureIndex.Key(b.Tool, b.Arguments)))
                .Select(b => b.Tool)
                .Distinct(StringComparer.Ordinal),
        ];
        if (tools.Length == 0)
            return;
        Console.Out.WriteLine($"healthy@http needs a trace in which {string.Join(", ", tools)} went well with the same arguments");
        if (fixture.Source.HealthyHash is null)
            Console.Out.WriteLine($"  capture it too: {again} --healthy SOURCE");
    }

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
