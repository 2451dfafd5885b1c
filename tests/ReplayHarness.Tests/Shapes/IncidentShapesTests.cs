using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Shapes;

public sealed class IncidentShapesTests
{
    [Test]
    public void The_four_attempts_have_one_fingerprint_that_no_other_run_has()
    {
        string[] attempts = [.. Data.Load(Data.DriveTimeout).SelectMany(Fingerprints)];
        string[] others = [.. Data.AllFiles().Where(f => f != Data.DriveTimeout).SelectMany(Data.Load).SelectMany(Fingerprints)];
        Assert.That(attempts, Has.Length.EqualTo(4).And.All.EqualTo(attempts[0]));
        Assert.That(others, Has.Length.GreaterThan(12).And.None.EqualTo(attempts[0]));
    }

    [Test]
    public void The_incident_is_a_deterministic_retry()
    {
        var incident = new Incident([.. Data.Load(Data.DriveTimeout).SelectMany(AgentRuns.Read).Select(r => InspectedRun.Of(r))]);
        Assert.That((incident.IsDeterministicRetry, incident.SameShape), Is.EqualTo((true, 4)));
        var survived = new Incident([.. incident.Attempts.Take(3), new RunBuilder().Model(0, 1).Inspect()]);
        Assert.That((survived.IsDeterministicRetry, survived.SameShape), Is.EqualTo((false, 3)));
        Assert.That(new Incident([incident.Attempts[0]]).IsDeterministicRetry, Is.False);
    }

    [TestCase("vercel-ai7-genai", "check_inventory", "timeout")]
    [TestCase("vercel-ai7-legacy", "check_inventory", "timeout")]
    [TestCase("vercel-ai6-zipkin", "check_inventory", "timeout")]
    [TestCase("vercel-ai6-llm-retry-429-503", "check_inventory", "timeout")]
    [TestCase("strands", "check_inventory", "timeout")]
    [TestCase("langgraph-openinference-raise", "check_inventory", "timeout")]
    [TestCase("openai-agents-openinference", "check_inventory", "other:Error")]
    public void The_cause_is_the_call_that_failed_of_itself(string framework, string tool, string errorClass)
    {
        var view = new RunView(AgentRuns.Read(Data.Load(Data.TracesOf(framework)).Single()).Single());
        var (span, error) = view.Cause()!.Value;
        Assert.That(view.ToolCalls.Single(c => c.Span == span).Name, Is.EqualTo(tool));
        Assert.That(ErrorClass.Of(error), Is.EqualTo(errorClass));
    }

    [Test]
    public void A_loop_that_ran_into_the_limit_is_a_loop_without_a_failed_tool()
    {
        var inspected = RunBuilder.Inspect(Data.Load(Data.TracesOf("openai-agents-loop-maxturns")).Single());
        Assert.That(
            inspected.Shape.Identity.Select(i => i.ToString()),
            Is.EqualTo(new[] { "repeated-tool-calls(check_inventory, step-limit)", "step-limit(run, step-limit)" })
        );
    }

    [Test]
    public void The_three_runs_fail_at_a_tool_at_the_model_and_in_a_loop()
    {
        var runs = Data.Load(Data.ThreeRuns).SelectMany(AgentRuns.Read).Select(r => InspectedRun.Of(r)).ToArray();
        var causes = runs.Select(r => new RunView(r.Run).Cause()?.Span.Name ?? "none").ToArray();
        Assert.That(causes, Has.Exactly(1).Contains("search_docs").And.Exactly(1).Contains("llm_generate").And.Exactly(1).EqualTo("none"));
        var loop = runs[Array.IndexOf(causes, "none")];
        Assert.That(loop.Run.ToolCalls.Select(c => c.Error), Is.All.Null);
        Assert.That(loop.Shape.Identity.Select(i => i.Rule), Does.Contain("step-limit"));
    }

    private static IEnumerable<string> Fingerprints(Trace trace) => AgentRuns.Read(trace).Select(r => InspectedRun.Of(r).Shape.Fingerprint);
}
