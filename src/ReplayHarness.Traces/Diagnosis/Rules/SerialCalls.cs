using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Rules;

/// <summary>A healthy run that may be made faster.</summary>
internal sealed class SerialCalls : DiagnosticRule
{
    public override string Name => "may-run-in-parallel";

    public override string Summary =>
        "A healthy run made calls of one turn one after the other, and an agent is given with which running them at once can be tried.";

    internal override string Phrase => "nothing wrong; calls of one turn ran one after the other";

    // It says nothing of a failure.
    internal override Confidence AtMost => Confidence.Weak;

    internal override Suspicion? Find(DiagnosticCase run)
    {
        if (!run.Input.Commands.KnowsAgent || !run.Incident.Shape.IsHealthy)
            return null;
        var attempt = run.Input.Attempts[0];
        Turn[] serial = [.. attempt.Turns.Where(IsSerial)];
        return serial.Length == 0
            ? null
            : new(
                "The calls of one turn may perhaps run at once, which takes as long as the longest of them.",
                [.. serial.Select(Evidence)],
                null,
                run.Input.Commands.Parallel(attempt.Trace.TraceId)
            );
    }

    private static bool IsSerial(Turn turn) =>
        turn is { Model: not null, Calls.Count: > 1 }
        && turn.Calls.Zip(turn.Calls.Skip(1)).All(c => c.First.Span.EndNanos <= c.Second.Span.StartNanos);

    private static string Evidence(Turn turn)
    {
        var whole = TimeSpan.FromTicks((turn.Calls[^1].Span.EndNanos - turn.Calls[0].Span.StartNanos) / 100);
        var longest = turn.Calls.Max(c => c.Span.Duration);
        var names = string.Join(", ", turn.Calls.Select(c => c.Name));
        return $"{names} took {Durations.Text(whole)} one after the other; the longest of them {Durations.Text(longest)}";
    }
}
