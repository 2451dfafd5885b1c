using System.Globalization;
using System.Numerics;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli;

/// <summary>A report for a machine.</summary>
internal static class ReportDocument
{
    public static Dictionary<string, object?> ToJson(ReplayReport report, string rerun, Fixture fixture) =>
        Map(
            ("captured", Map(("incident", fixture.Incident), ("fingerprint", fixture.Shape.Fingerprint))),
            ("verdict", report.Verdict.Text()),
            ("sentence", report.Sentence),
            ("hypotheses", report.Hypotheses.Select(ToJson).ToArray()),
            ("uncontrolled", report.Uncontrolled.ToArray()),
            ("seed", report.Seed <= long.MaxValue ? (object)(long)report.Seed : report.Seed.ToString(CultureInfo.InvariantCulture)),
            ("logHash", report.LogHash),
            ("virtualSeconds", report.VirtualSeconds),
            ("rerun", rerun)
        );

    private static Dictionary<string, object?> ToJson(HypothesisVerdict verdict) =>
        Map(
            ("name", verdict.Name),
            ("verdict", verdict.Verdict.Text()),
            ("counts", verdict.Counts),
            ("sentence", verdict.Sentence),
            (
                "schedules",
                Map(
                    ("explored", (long)verdict.Schedules.Explored),
                    ("represented", verdict.Schedules.Represented.ToString(CultureInfo.InvariantCulture)),
                    ("exhaustive", verdict.Schedules.Exhaustive),
                    ("overlapped", Number(verdict.Schedules.Overlapped)),
                    ("failing", Number(verdict.Schedules.Failing)),
                    ("latencyModel", verdict.Schedules.LatencyModel),
                    ("note", verdict.Schedules.Note)
                )
            ),
            (
                "shapes",
                verdict.Shapes.Select(s => Map(("fingerprint", s.Fingerprint), ("text", s.Text), ("count", Number(s.Count)))).ToArray()
            ),
            ("removed", RulesOf(verdict.Removed)),
            ("remaining", RulesOf(verdict.Remaining)),
            ("appeared", RulesOf(verdict.Appeared)),
            ("imposed", RulesOf(verdict.Imposed)),
            ("explanation", ToJson(verdict.Explanation)),
            ("reasons", verdict.Reasons.ToArray()),
            ("drift", verdict.Drift.ToArray())
        );

    private static Dictionary<string, object?>? ToJson(FailureExplanation? explanation) =>
        explanation is null
            ? null
            : Map(
                ("constraint", explanation.Constraint),
                ("departures", (long)explanation.Departures),
                ("inevitableAfterStep", explanation.Inevitable is { } step ? (long)step.Step : null),
                ("steps", (long)explanation.Example.Steps.Count)
            );

    // A number of schedules may outgrow what JSON readers take as a number.
    private static object Number(BigInteger schedules) =>
        schedules <= long.MaxValue ? (long)schedules : schedules.ToString(CultureInfo.InvariantCulture);

    private static string[] RulesOf(IReadOnlyList<JudgedFinding> findings) =>
        [.. findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal)];
}
