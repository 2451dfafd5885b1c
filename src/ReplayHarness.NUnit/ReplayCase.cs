using System.Collections.Concurrent;
using System.Text;
using NUnit.Framework.Constraints;
using ReplayHarness.Judging;
using ReplayHarness.Reports;
using ReplayHarness.Running;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.NUnit;

/// <summary>
/// One thing that an incident's <c>expected.json</c> states: the verdict of an agent, under one hypothesis or over all. The cases of one
/// agent share one replay job.
/// </summary>
public sealed class ReplayCase
{
    private static readonly ConcurrentDictionary<ReplayJob, Lazy<Task<ReplayReport>>> s_reports = new();

    private readonly Agent _replayed;

    internal ReplayCase(Agent replayed, ReplayJob job, ExpectedAgent expected, string? hypothesis)
    {
        _replayed = replayed;
        Job = job;
        Agent = expected.Agent;
        Hypothesis = hypothesis;
        Expected = hypothesis is null ? expected.Verdict : expected.Hypotheses[hypothesis];
    }

    /// <summary>The agent's short name.</summary>
    public string Agent { get; }

    /// <summary>The hypothesis; null for all together.</summary>
    public string? Hypothesis { get; }

    /// <summary>The verdict it is expected to get.</summary>
    public VerdictKind Expected { get; }

    /// <summary>What is replayed.</summary>
    internal ReplayJob Job { get; }

    /// <summary>The constraint that the report must satisfy.</summary>
    public Constraint IsAsExpected => Hypothesis is null ? Shows.Verdict(Expected) : Shows.Verdict(Hypothesis, Expected);

    /// <summary>Replays the agent, once for all its cases.</summary>
    /// <exception cref="BadInputException">Fixture or agent cannot be used.</exception>
    public Task<ReplayReport> RunAsync() =>
        s_reports.GetOrAdd(Job, static (job, agent) => new(() => Replayer.RunAsync(job.Fixture, agent, job.Options)), _replayed).Value;

    /// <summary>
    /// What the replay shows, as text for a snapshot: the verdicts, and for each hypothesis its shapes and the tree of its captured
    /// schedule.
    /// </summary>
    public async Task<string> SnapshotAsync()
    {
        var report = await RunAsync();
        var text = new StringBuilder(ReportText.Verdicts(report, RemedyWords.Of));
        foreach (var verdict in report.Hypotheses.Where(h => Hypothesis is null || h.Name == Hypothesis))
            Append(text, verdict);
        return text.ToString();
    }

    /// <summary>The case's name: <c>shipped,healthy@http</c>.</summary>
    public override string ToString() => Hypothesis is null ? Agent : $"{Agent},{Hypothesis}";

    private static void Append(StringBuilder text, HypothesisVerdict verdict)
    {
        text.Append($"\n# {verdict.Name}\n");
        foreach (var shape in verdict.Shapes)
            text.Append($"in {shape.Count} of {verdict.Schedules.Represented} schedules, {shape.Text}\n");
        if (verdict.Trace is { } trace)
            text.Append($"the captured schedule:\n{SpanTree.Text(trace)}");
    }
}
