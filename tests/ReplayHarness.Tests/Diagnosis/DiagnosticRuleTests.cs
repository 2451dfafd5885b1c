using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Metrics;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>Each rule that gives a hypothesis, holding and not holding.</summary>
public sealed partial class DiagnosticRuleTests
{
    private static readonly (string, string) s_timeout = ("TimeoutError", "timed out");
    private static readonly (string, string) s_unavailable = ("HttpRequestError", "503 from upstream");
    private static readonly (string, string) s_noReply = ("ModelResponseError", "no content");

    private static IEnumerable<TestCaseData> Holding()
    {
        yield return Holds("contention", Siblings(61, s_timeout));
        yield return Holds("hung-call", Dead(s_timeout, 60.2));
        yield return Holds("degraded-tool", Dead(s_unavailable, 2), new MetricsSnapshot { Origin = "m", ToolErrorRate = 0.08 });
        yield return Holds(
            "degraded-tool",
            Dead(s_unavailable, 2),
            new MetricsSnapshot
            {
                Origin = "m",
                ToolErrorRate = 0.04,
                BaselineToolErrorRate = 0.01,
            }
        );
        yield return Holds("model-failure", NoModel());
        yield return Holds("stuck-in-loop", Loop("max_steps"));
        yield return Holds("cut-off-answer", new RunBuilder().Model(0, 1, finish: "[\"length\"]"));
        yield return Holds(
            "missing-tool",
            new RunBuilder().Model(0, 1).Model(2, 1, input: RunBuilder.Answered("fetch", "Error: Requested function \"fetch\" not found."))
        );
        yield return Holds(
            "arguments-refused",
            new RunBuilder().Model(0, 1).Tool("read", 1, 0, ("ValidationError", "id: required")).Model(2, 1)
        );
        yield return Holds(
            "hidden-tool-error",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: "{\"response_status\":\"Error\"}").Model(3, 1)
        );
        yield return Holds(
            "agent-code-failure",
            new RunBuilder { RootError = ("KeyError", "'answer'") }
                .Model(0, 1)
                .Tool("read", 1, 1)
                .Model(3, 1)
        );
        yield return Holds("tool-error-not-survived", Dead(s_timeout, 7));
        yield return Holds("pointless-retry", Dead(s_timeout, 7), again: Dead(s_timeout, 7));
        yield return Holds("repeated-calls", Loop("stop"));
        yield return Holds(
            "error-swallowed",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, s_timeout).Model(3, 1, output: RunBuilder.Says("The order is there."))
        );
        yield return Holds("release-regression", Dead(s_timeout, 7), new MetricsSnapshot { Origin = "m", ReleaseErrorRateDelta = 0.06 });
        yield return Holds("release-regression", Dead(s_timeout, 7, release: "2"), fleet: Fleet(8, 10, 0, 30));
        yield return Holds("provider-refusals", new RunBuilder().Model(0, 3).Http(0.1, 1, "429").Http(1.5, 1, "200"));
        yield return Holds(
            "latency-outside-tools",
            new RunBuilder().Model(0, 4).Tool("read", 4, 1).Model(6, 1),
            new MetricsSnapshot
            {
                Origin = "m",
                RunLatencyP95 = 4,
                ToolLatencyP95 = 1,
                SloLatency = 2.5,
            }
        );
        yield return Holds(
            "slow-tool",
            new RunBuilder().Model(0, 1).Tool("read", 1, 4).Model(6, 1),
            new MetricsSnapshot
            {
                Origin = "m",
                RunLatencyP95 = 6,
                SloLatency = 2.5,
            }
        );
        yield return Holds(
            "workflow-down",
            Dead(s_timeout, 7),
            new MetricsSnapshot
            {
                Origin = "m",
                SyntheticRunStatus = "fail",
                HealthScore = 0.4,
            }
        );

        foreach (var (rule, run) in HoldingAtTheEnd())
            yield return Holds(rule, run);

        static TestCaseData Holds(
            string rule,
            RunBuilder run,
            MetricsSnapshot? metrics = null,
            RunBuilder? again = null,
            IReadOnlyList<RunSummary>? fleet = null
        ) => new TestCaseData(rule, Case(run, metrics, again, fleet)).SetName($"Holds: {rule}");
    }

    private static IEnumerable<TestCaseData> NotHolding()
    {
        yield return Not("contention", "the siblings took as long", Siblings(1.4, null));
        yield return Not("hung-call", "a sibling answered: it is contention", Siblings(60.2, s_timeout));
        yield return Not(
            "degraded-tool",
            "the rate is not up",
            Dead(s_unavailable, 2),
            new MetricsSnapshot { Origin = "m", ToolErrorRate = 0.04 }
        );
        yield return Not(
            "degraded-tool",
            "the rate is the baseline's",
            Dead(s_unavailable, 2),
            new MetricsSnapshot
            {
                Origin = "m",
                ToolErrorRate = 0.3,
                BaselineToolErrorRate = 0.3,
            }
        );
        yield return Not(
            "degraded-tool",
            "a sibling shows that the tool works",
            Siblings(61, s_timeout),
            new MetricsSnapshot { Origin = "m", ToolErrorRate = 0.5 }
        );
        yield return Not("model-failure", "the client's retry answered", new RunBuilder().Model(0, 1, s_noReply).Model(2, 1));
        yield return Not("stuck-in-loop", "it stopped of itself", Loop("stop"));
        yield return Not(
            "stuck-in-loop",
            "nothing was repeated",
            new RunBuilder { StopReason = "max_steps" }
                .Model(0, 1)
                .Tool("read", 1, 1)
        );
        yield return Not("cut-off-answer", "it ended of itself", new RunBuilder().Model(0, 1, finish: "[\"stop\"]"));
        yield return Not("missing-tool", "the tool is there and failed", Dead(s_timeout, 7));
        yield return Not("arguments-refused", "the tool took them and failed", Dead(s_timeout, 7));
        yield return Not("hidden-tool-error", "the span has the error", Dead(s_timeout, 7));
        yield return Not("agent-code-failure", "a tool's error accounts for it", Dead(s_timeout, 7));
        yield return Not(
            "tool-error-not-survived",
            "the model was told",
            new RunBuilder().Model(0, 1).Tool("read", 1, 5, s_timeout).Model(7, 1)
        );
        yield return Not("pointless-retry", "another shape: a flake", Dead(s_timeout, 7), again: NoModel());
        yield return Not("pointless-retry", "one attempt", Dead(s_timeout, 7));
        yield return Not("repeated-calls", "a loop until the limit is one hypothesis, not two", Loop("max_steps"));
        yield return Not(
            "repeated-calls",
            "other arguments",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 1, arguments: "{\"p\":1}")
                .Model(2, 1)
                .Tool("read", 3, 1, arguments: "{\"p\":2}")
                .Model(5, 1)
        );
        yield return Not(
            "error-swallowed",
            "the answer says so",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 1, s_timeout)
                .Model(3, 1, output: RunBuilder.Says("The inventory could not be read."))
        );
        yield return Not(
            "release-regression",
            "it fell",
            Dead(s_timeout, 7),
            new MetricsSnapshot { Origin = "m", ReleaseErrorRateDelta = -0.01 }
        );
        yield return Not("release-regression", "chance explains it", Dead(s_timeout, 7, release: "2"), fleet: Fleet(1, 3, 0, 4));
        yield return Not(
            "release-regression",
            "the run is of the release before",
            Dead(s_timeout, 7, release: "1"),
            new MetricsSnapshot { Origin = "m", ReleaseErrorRateDelta = 0.06 },
            fleet: Fleet(0, 3, 3, 3)
        );
        yield return Not("provider-refusals", "one attempt", new RunBuilder().Model(0, 3).Http(0.1, 1, "200"));
        yield return Not(
            "latency-outside-tools",
            "tools are slow as well",
            new RunBuilder().Model(0, 4).Tool("read", 4, 1).Model(6, 1),
            new MetricsSnapshot
            {
                Origin = "m",
                RunLatencyP95 = 4,
                ToolLatencyP95 = 3,
                SloLatency = 2.5,
            }
        );
        yield return Not(
            "slow-tool",
            "within the SLO",
            new RunBuilder().Model(0, 1).Tool("read", 1, 4).Model(6, 1),
            new MetricsSnapshot
            {
                Origin = "m",
                RunLatencyP95 = 2,
                SloLatency = 2.5,
            }
        );
        yield return Not(
            "workflow-down",
            "the synthetic run passes",
            Dead(s_timeout, 7),
            new MetricsSnapshot
            {
                Origin = "m",
                SyntheticRunStatus = "pass",
                HealthScore = 0.4,
            }
        );

        foreach (var (rule, why, run) in NotHoldingAtTheEnd())
            yield return Not(rule, why, run);

        static TestCaseData Not(
            string rule,
            string why,
            RunBuilder run,
            MetricsSnapshot? metrics = null,
            RunBuilder? again = null,
            IReadOnlyList<RunSummary>? fleet = null
        ) => new TestCaseData(rule, Case(run, metrics, again, fleet)).SetName($"Does not hold: {rule}: {why}");
    }

    [TestCaseSource(nameof(Holding))]
    public void Holds(object rule, object input)
    {
        var diagnosis = RunDiagnosis.Of((DiagnosisInput)input);
        var hypothesis = diagnosis.Hypotheses.FirstOrDefault(h => h.Rule == (string)rule);
        Assert.That(hypothesis, Is.Not.Null, $"found: {string.Join(", ", diagnosis.Hypotheses.Select(h => h.Rule))}");
        Assert.That(hypothesis!.Evidence, Is.Not.Empty.And.All.Not.Empty);
        Assert.That(hypothesis.Claim, Does.EndWith("."));
        Assert.That(hypothesis.Next, Does.StartWith("replay-harness "));
    }

    [TestCaseSource(nameof(NotHolding))]
    public void Does_not_hold(object rule, object input) =>
        Assert.That(RunDiagnosis.Of((DiagnosisInput)input).Hypotheses.Select(h => h.Rule), Does.Not.Contain(rule));

    [Test]
    public void Every_rule_has_a_test_of_both_kinds()
    {
        string[] all = [.. DiagnosticRuleTable.All.Select(r => r.Name)];
        Assert.That(Holding().Select(c => (string)c.Arguments[0]!).Distinct(), Is.EquivalentTo(all));
        Assert.That(NotHolding().Select(c => (string)c.Arguments[0]!).Distinct(), Is.EquivalentTo(all));
        Assert.That(DiagnosticRuleTable.All.Select(r => r.Summary), Is.All.EndsWith("."));
        Assert.That(all.Intersect(RuleTable.All.Select(r => r.Name)), Is.Empty, "a finding and a hypothesis of one name could be mixed up");
    }

    [TestCase(1, Confidence.Weak)]
    [TestCase(2, Confidence.Moderate)]
    [TestCase(3, Confidence.Strong)]
    public void Confidence_counts_what_speaks_for_it(int signals, Confidence expected)
    {
        var run = Dead(("KeyError", "no such row"), 3, sibling: signals > 1);
        var again = signals > 2 ? Dead(("KeyError", "no such row"), 3, sibling: true) : null;
        Assert.That(
            RunDiagnosis.Of(Case(run, null, again, null)).Hypotheses.Single(h => h.Rule == "tool-error-not-survived").Confidence,
            Is.EqualTo(expected)
        );
    }

    [Test]
    public void Victims_and_noise_are_named_as_no_cause()
    {
        var run = new RunBuilder { RootError = s_timeout }
            .Model(0, 1)
            .Tool("list", 1, 5.01, ("asyncio.CancelledError", ""))
            .Tool("read", 1, 5, s_timeout)
            .Outside(0, 1, ("KeyError", "x"));
        var diagnosis = RunDiagnosis.Of(Case(run, null, null, null));
        Assert.That(diagnosis.Signals.FirstErrorSpan!.Tool, Is.EqualTo("read"));
        Assert.That(diagnosis.Notes, Has.Some.Contains("list was cancelled").And.Contains("a victim, not the cause"));
        Assert.That(diagnosis.Notes, Has.Some.Contains("GET /health failed outside the run"));
    }

    [Test]
    public void Own_time_is_without_the_time_of_children()
    {
        var run = new RunBuilder().Model(0, 3).Http(0.1, 2.5, "200").Tool("read", 3, 2);
        var slowest = RunDiagnosis.Of(Case(run, null, null, null)).Signals.SlowestSpan;
        Assert.That((slowest.Span.Attributes.Text("http.request.method"), slowest.Own.TotalSeconds), Is.EqualTo(("POST", 2.5)));
    }

    private static DiagnosisInput Case(RunBuilder run, MetricsSnapshot? metrics, RunBuilder? again, IReadOnlyList<RunSummary>? fleet)
    {
        AgentRun[] attempts = [.. new[] { run, again }.OfType<RunBuilder>().Select(r => AgentRuns.Read(r.Build()).Single())];
        return new DiagnosisInput
        {
            Attempts = attempts,
            Metrics = metrics,
            Fleet = fleet ?? [],
            Commands = new("traces.jsonl", "--trace 1", "fixtures/f", false, ["healthy@http"], "agent.dll", null) { KnowsAgent = true },
        };
    }

    private static RunBuilder Dead((string, string) error, double seconds, bool sibling = false, string? release = null)
    {
        var run = new RunBuilder { RootError = error, Release = release }.Model(0, 1);
        return (sibling ? run.Tool("list", 1, 1) : run).Tool("read", 1, seconds, error);
    }

    private static RunBuilder NoModel() => new RunBuilder { RootError = s_noReply }.Model(0, 2.4, s_noReply);

    private static RunBuilder Siblings(double seconds, (string, string)? error) =>
        new RunBuilder { RootError = error }
            .Model(0, 1)
            .Tool("read", 1, 1.1, arguments: "{\"a\":1}")
            .Tool("read", 1, seconds, error, "{\"a\":2}");

    private static RunBuilder Loop(string stop) =>
        new RunBuilder { StopReason = stop }
            .Model(0, 1)
            .Tool("read", 1, 1)
            .Model(2, 1)
            .Tool("read", 3, 1)
            .Model(5, 1)
            .Tool("read", 6, 1)
            .Model(8, 1);

    // Runs of two releases, the newer one last.
    private static RunSummary[] Fleet(int failed, int runs, int failedBefore, int runsBefore)
    {
        IEnumerable<RunSummary> Of(string release, int count, int bad, long start)
        {
            var (dead, well) = (
                RunSummary.Of(Dead(s_timeout, 7, release: release).Inspect()),
                RunSummary.Of(
                    new RunBuilder { Release = release }
                        .Model(0, 1)
                        .Inspect()
                )
            );
            return Enumerable.Range(0, count).Select(i => (i < bad ? dead : well) with { StartNanos = start + i });
        }
        return [.. Of("1", runsBefore, failedBefore, 0), .. Of("2", runs, failed, 1000)];
    }
}
