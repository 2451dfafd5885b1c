using System.Globalization;
using ReplayHarness.Verdicts;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli;

/// <summary>A report for a person, and for a machine.</summary>
internal static class VerdictText
{
    public static void Print(ReplayReport report, string rerun)
    {
        Console.Out.WriteLine($"{report.Verdict.Text()}: {report.Sentence}\n");
        foreach (var hypothesis in report.Hypotheses) Print(hypothesis);
        foreach (var what in report.Uncontrolled) Console.Out.WriteLine($"not controlled: {what}");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"virtual time {report.VirtualSeconds:0.0} s, log {report.LogHash}, seed {report.Seed}"));
        Console.Out.WriteLine($"rerun: {rerun}");
    }

    private static void Print(HypothesisVerdict verdict)
    {
        Console.Out.WriteLine($"{verdict.Name,-16} {verdict.Verdict.Text()}{(verdict.Counts ? "" : "  (does not count beside a calibrated healthy@http)")}");
        Console.Out.WriteLine($"  {verdict.Sentence}");
        if (verdict.Imposed.Count > 0) Console.Out.WriteLine($"  imposed by the mock, no evidence about the agent: {string.Join(", ", verdict.Imposed.Select(i => i.Rule).Distinct())}");
        foreach (var reason in verdict.Reasons.Skip(1)) Console.Out.WriteLine($"  also: {reason}");
        foreach (var drift in verdict.Drift) Console.Out.WriteLine($"  drift: {drift}");
        Console.Out.WriteLine($"  latency model {verdict.Schedules.LatencyModel}; {verdict.Schedules.Explored} schedules explored{(verdict.Schedules.Exhaustive ? ", exhaustive" : "")}; shapes: "
            + (verdict.Shapes.Count == 0 ? "none" : string.Join(", ", verdict.Shapes.Select(s => $"{s.Fingerprint} x {s.Count}"))));
        Console.Out.WriteLine();
    }

    public static Dictionary<string, object?> ToJson(ReplayReport report, string rerun) => Map(
        ("verdict", report.Verdict.Text()),
        ("sentence", report.Sentence),
        ("hypotheses", report.Hypotheses.Select(ToJson).ToArray()),
        ("uncontrolled", report.Uncontrolled.ToArray()),
        ("seed", report.Seed <= long.MaxValue ? (object)(long)report.Seed : report.Seed.ToString(CultureInfo.InvariantCulture)),
        ("logHash", report.LogHash),
        ("virtualSeconds", report.VirtualSeconds),
        ("rerun", rerun));

    private static Dictionary<string, object?> ToJson(HypothesisVerdict verdict) => Map(
        ("name", verdict.Name),
        ("verdict", verdict.Verdict.Text()),
        ("counts", verdict.Counts),
        ("sentence", verdict.Sentence),
        ("schedules", Map(("explored", (long)verdict.Schedules.Explored), ("represented", verdict.Schedules.Represented), ("exhaustive", verdict.Schedules.Exhaustive),
            ("overlapped", (long)verdict.Schedules.Overlapped), ("failing", (long)verdict.Schedules.Failing), ("latencyModel", verdict.Schedules.LatencyModel))),
        ("shapes", verdict.Shapes.Select(s => Map(("fingerprint", s.Fingerprint), ("text", s.Text), ("count", (long)s.Count))).ToArray()),
        ("removed", RulesOf(verdict.Removed)),
        ("remaining", RulesOf(verdict.Remaining)),
        ("appeared", RulesOf(verdict.Appeared)),
        ("imposed", RulesOf(verdict.Imposed)),
        ("reasons", verdict.Reasons.ToArray()),
        ("drift", verdict.Drift.ToArray()));

    private static string[] RulesOf(IReadOnlyList<JudgedFinding> findings) => [.. findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal)];
}
