using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Shapes;

/// <summary>Rules that look at what is known of a run beside its trace.</summary>
public sealed class KnowledgeTests
{
    private static readonly (string, string) s_timeout = ("System.TimeoutException", "The operation has timed out.");
    private static readonly (string, string) s_refused = ("System.Net.Http.HttpRequestException", "Connection refused");
    private static readonly (string, string) s_conflict = ("HttpError", "409 Conflict");
    private static readonly (string, string) s_busy = ("System.InvalidOperationException", "a second operation was started");
    private static readonly (string, string) s_cancelled = ("System.OperationCanceledException", "The operation was canceled.");

    private static IEnumerable<TestCaseData> Twice()
    {
        yield return Case("a success, again", true, null, null);
        yield return Case("a time-out, again", true, s_timeout, null);
        yield return Case("a time-out, and a time-out", true, s_timeout, s_timeout);
        yield return Case("a refused connection, again", false, s_refused, null);
        yield return Case("a success, and a conflict", false, null, s_conflict);
        yield return Case("a conflict, again", false, s_conflict, null);

        static TestCaseData Case(string name, bool holds, (string, string)? first, (string, string)? second) =>
            new TestCaseData(holds, first, second).SetName($"{(holds ? "Duplicated" : "Not duplicated")}: {name}");
    }

    [TestCaseSource(nameof(Twice))]
    public void An_effect_that_is_called_again(bool holds, (string, string)? first, (string, string)? second)
    {
        var run = new RunBuilder().Model(0, 1).Tool("pay", 1, 1, first).Tool("pay", 3, 1, second).Model(5, 1);
        Assert.That(Rules(run, Effect("pay", true)).Contains("duplicated-effect"), Is.EqualTo(holds));
        Assert.That(Rules(run, Effect("pay", false)), Has.None.EqualTo("duplicated-effect").And.None.EqualTo("repeated-call"));
        Assert.That(Rules(run, RunKnowledge.None), Has.None.EqualTo("duplicated-effect"));
    }

    [Test]
    public void Other_arguments_are_another_effect()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("pay", 1, 1, arguments: "{\"a\":1}")
            .Tool("pay", 3, 1, arguments: "{\"a\":2}")
            .Model(5, 1);
        Assert.That(Rules(run, Effect("pay", true)), Is.Empty);
    }

    [TestCase("""{"readOnlyHint":false}""", true)]
    [TestCase("""{"destructiveHint":true}""", true)]
    [TestCase("""{"readOnlyHint":false,"idempotentHint":true}""", false)]
    [TestCase("""{"readOnlyHint":true}""", false)]
    [TestCase("""{"title":"Pay"}""", null)]
    public void Tools_say_themselves_whether_they_act(string annotations, bool? expected)
    {
        var trace = new RunBuilder().Model(0, 1).Tool("pay", 1, 1).Tool("pay", 3, 1).Model(5, 1).Build();
        var definitions = $$"""[{"type":"function","name":"pay","parameters":{},"annotations":{{annotations}}}]""";
        var offering = new Trace(
            trace.TraceId,
            trace.Spans.Select(s =>
                s.Name == "chat model" ? s with { Attributes = new([.. s.Attributes, new("gen_ai.tool.definitions", definitions)]) } : s
            )
        );
        var run = AgentRuns.Read(offering).Single();
        var view = new RunView(run);
        Assert.That(view.IsEffect(view.ToolCalls[0]), Is.EqualTo(expected));
        Assert.That(InspectedRun.Of(run).Findings.Any(f => f.Rule.Name == "duplicated-effect"), Is.EqualTo(expected == true));
    }

    private static IEnumerable<TestCaseData> Failures()
    {
        yield return new TestCaseData(s_busy, true, true).SetName("A call that answers alone fails");
        yield return new TestCaseData(s_busy, false, false).SetName("A call fails as its mock says");
        yield return new TestCaseData(s_cancelled, true, false).SetName("A call that answers alone is cancelled by its agent");
    }

    [TestCaseSource(nameof(Failures))]
    public void A_call_fails_in_the_run((string, string) error, bool answersAlone, bool holds)
    {
        var run = new RunBuilder().Model(0, 1).Tool("read", 1, 1, error).Model(5, 1);
        Assert.That(Rules(run, Alone(answersAlone)).Contains("healthy-call-failed"), Is.EqualTo(holds));
    }

    // Nobody knows that it answers alone.
    [Test]
    public void A_call_of_which_no_result_is_known_fails_in_the_run()
    {
        var run = new RunBuilder().Model(0, 1).Tool("write", 1, 1, s_busy).Model(5, 1);
        Assert.That(Rules(run, Alone(true)), Is.Empty);
    }

    [Test]
    public void What_another_cause_accounts_for_is_not_said_twice()
    {
        var run = new RunBuilder().Model(0, 1).Tool("read", 1, 30.1, s_timeout).Model(35, 1);
        Assert.That(Rules(run, Alone(true)), Is.EqualTo(new[] { "timeout-constant" }));
    }

    [Test]
    public void A_promoted_observation_is_part_of_the_shape()
    {
        var run = AgentRuns.Read(new RunBuilder().Model(0, 1).Tool("read", 1, 1, s_busy).Model(5, 1).Build()).Single();
        Assert.That(InspectedRun.Of(run).Shape.IsHealthy, Is.True);
        var promoted = InspectedRun.Of(run, new RunKnowledge { Promoted = ["handled-tool-error"] });
        Assert.That(
            promoted.Shape.Identity.Select(i => i.ToString()),
            Is.EqualTo(new[] { "handled-tool-error(read, other:InvalidOperationException)" })
        );
    }

    private static RunKnowledge Effect(string tool, bool isEffect) =>
        new() { Effects = new Dictionary<string, bool> { [tool] = isEffect } };

    private static RunKnowledge Alone(bool answersAlone) =>
        new()
        {
            ExpectedResults = new Dictionary<(string, string), string> { [("read", "{}")] = "ok" },
            AnswersAlone = answersAlone,
        };

    private static string[] Rules(RunBuilder run, RunKnowledge known) =>
        [
            .. InspectedRun
                .Of(AgentRuns.Read(run.Build()).Single(), known)
                .Findings.Select(f => f.Rule.Name)
                .Where(r => r is not ("handled-tool-error" or "repeated-call" or "missing-root"))
                .Distinct(),
        ];
}
