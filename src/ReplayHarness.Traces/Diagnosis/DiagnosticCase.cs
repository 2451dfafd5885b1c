using ReplayHarness.Diagnosis.Logs;
using ReplayHarness.Shapes;

namespace ReplayHarness.Diagnosis;

/// <summary>A run as the rules of a diagnosis see it.</summary>
internal sealed class DiagnosticCase
{
    public DiagnosticCase(DiagnosisInput input)
    {
        Input = input;
        Context = RunContext.Of(input.Attempts);
        Signals = SignalsOf.Run(input, Context);
        Incident = new([.. input.Attempts.Select(a => InspectedRun.Of(a))]);
        Contradictions = input.Logs.Records.Count == 0 ? [] : Logs.Contradictions.Of(input.Logs, input.Attempts, Context);
    }

    public DiagnosisInput Input { get; }

    public RunContext Context { get; }

    public RunSignals Signals { get; }

    public Incident Incident { get; }

    public IReadOnlyList<string> Contradictions { get; }

    /// <summary>The findings of a rule on the first attempt that has any.</summary>
    public IReadOnlyList<Finding> Findings(string rule) =>
        Incident.Attempts.Select(a => a.Findings.Where(f => f.Rule.Name == rule).ToArray()).FirstOrDefault(f => f.Length > 0) ?? [];

    public bool Has(string rule) => Findings(rule).Count > 0;

    /// <summary>What the findings of a rule say, the same only once.</summary>
    public IEnumerable<string> Say(string rule) => Findings(rule).Select(f => f.Message).Distinct(StringComparer.Ordinal);

    /// <summary>How many attempts show a rule, as a line of evidence; none for a single attempt.</summary>
    public IEnumerable<string> InAttempts(string rule)
    {
        var count = Incident.Attempts.Count(a => a.Findings.Any(f => f.Rule.Name == rule));
        if (Incident.Attempts.Count > 1)
            yield return $"{count} of {Incident.Attempts.Count} attempts show it";
    }

    /// <summary>Lines of source of a kind (see <see cref="BridgeHit.Why"/>), as evidence.</summary>
    public IEnumerable<string> Code(string why) => Input.Code.Where(h => h.Why == why).Select(h => $"{h.File}:{h.Line}: {h.Text}");

    /// <summary>Whether the run was stopped by a limit on its steps, as logs, spans or the error say.</summary>
    public bool StoppedByLimit =>
        Has("step-limit") || (Signals.StopReason is { } reason && ErrorClass.Of(new("", reason.Value)) == ErrorClass.StepLimit);
}
