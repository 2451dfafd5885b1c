using ReplayHarness.Diagnosis.Readiness;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>How a fixture is captured.</summary>
public sealed record CaptureOptions
{
    /// <summary>How the traces were selected, for the provenance; null for their trace ids.</summary>
    public string? Selected { get; init; }

    /// <summary>Traces that show the calls that failed as they go when nothing is wrong.</summary>
    public IReadOnlyList<Trace> Healthy { get; init; } = [];

    /// <summary>
    /// Rules whose findings are judged although they are observations: <c>handled-tool-error</c>, say, for an agent that told an error of a
    /// tool to its model and went on. Those that a replay cannot judge are refused, and say why.
    /// </summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>How a user of a front end names such a rule.</summary>
    internal Func<string, string> HowToPromote { get; init; } = PromotedFindings.None.HowTo;

    /// <summary>What is redacted beyond the usual, and what is not.</summary>
    public RedactionOptions Redaction { get; init; } = RedactionOptions.Usual;
}

/// <summary>From the traces of an incident to the folder of its fixture.</summary>
public static class FixtureCapture
{
    /// <summary>
    /// Redacts the traces, and writes the fixture: <c>fixture.json</c>, its schema, the redacted traces and a README with the
    /// provenance. Authored responses and anything else that lies in the folder stay as they are.
    /// </summary>
    /// <param name="folder">The fixture's folder, which is made where there is none; its name is the incident's name.</param>
    /// <param name="traces">The traces of the incident's attempts, as they were recorded.</param>
    /// <param name="options">How; null for the usual redaction, without healthy traces.</param>
    /// <returns>The fixture, with what was redacted.</returns>
    /// <exception cref="BadInputException">The traces hold no agent run, or none that failed.</exception>
    public static FixtureFolder Write(string folder, IReadOnlyList<Trace> traces, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(traces);
        options ??= new();
        var redactor = new Redactor(options.Redaction);
        var words = options.Selected ?? $"trace {string.Join(", ", traces.Select(t => t.TraceId))}";
        redactor.Learn([.. traces, .. options.Healthy]);
        redactor.Learn(words);
        Trace[] clean = [.. traces.Select(redactor.Redact)];
        Trace[] healthy = [.. options.Healthy.Select(redactor.Redact)];
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var selected = redactor.Redact(words, "selection");
        // What failed is not known: a fixture would say that the model did.
        if (AgentRuns.Read(clean).Where(r => r.Failed).Select(TelemetryGap.Covered).FirstOrDefault(g => g is not null) is { } gap)
            throw new BadInputException($"{selected}: missing: {gap.Missing}. Turn it on: {gap.Remedy}");
        var fixture = Capture.Create(name, selected, clean, healthy, redactor.Redactions, new(options.Findings, options.HowToPromote));
        FixtureWriter.Write(folder, fixture, clean, healthy);
        return FixtureFolder.Load(folder);
    }
}
