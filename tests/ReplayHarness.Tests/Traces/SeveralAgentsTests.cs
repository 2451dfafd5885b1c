using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using static ReplayHarness.Tests.Support.DotNetSpans;

namespace ReplayHarness.Tests.Traces;

/// <summary>Agents side by side in one trace: one run of several, several questions of one, or attempts.</summary>
public sealed class SeveralAgentsTests
{
    private static (string, string) Busy => ("System.InvalidOperationException", "busy");

    private static string Ask(DotNetSpans spans, string agent, string question, string tool, bool fails, params object[] history)
    {
        var id = $"{tool}-{question.Length}";
        spans.Chat(agent, [.. history, User(question)], [Asks((id, tool, new { city = "Bern" }))], "tool_calls");
        var call = spans.Tool(agent, tool, id, new { city = "Bern" }, fails ? null : "found");
        if (!fails)
            return call;
        spans.Fail(call, Busy.Item1, Busy.Item2);
        spans.Fail(agent, Busy.Item1, Busy.Item2);
        return call;
    }

    [Test]
    public void Two_questions_of_a_session_are_one_run()
    {
        var spans = new DotNetSpans();
        var job = spans.Job();
        var first = spans.Agent(job, "Planner", "Hello");
        spans.Chat(first, [User("Hello")], [Says("Hi.")], "stop");
        Ask(spans, spans.Agent(job, "Planner", "A trip"), "A trip", "find_train", fails: true, User("Hello"), Says("Hi."));
        var run = spans.Runs().Single();
        Assert.That((run.Root!.Name, run.Failed, run.Error!.Message), Is.EqualTo(("job.run", true, "busy")));
        Assert.That(run.Turns.Select(t => t.Calls.Count), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(run.ModelCalls.Select(m => m.Agent), Is.All.EqualTo("Planner"));
        Assert.That(Rules(run), Does.Contain("unhandled-tool-error"));
    }

    [Test]
    public void One_word_said_twice_in_a_session_is_no_attempt()
    {
        var spans = new DotNetSpans();
        var job = spans.Job();
        spans.Chat(spans.Agent(job, "Planner", "Go on"), [User("Go on")], [Says("One.")], "stop");
        spans.Chat(spans.Agent(job, "Planner", "Go on"), [User("Go on"), Says("One."), User("Go on")], [Says("Two.")], "stop");
        Assert.That(spans.Runs(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Agents_at_once_are_one_run_and_each_call_is_of_its_agents_turn()
    {
        var spans = new DotNetSpans();
        var job = spans.Job();
        var (trains, hotels) = (spans.Agent(job, "Trains", "A trip"), spans.Agent(job, "Hotels", "A trip"));
        var asked = new[] { User("A trip") };
        spans.At(spans.Chat(trains, asked, [Asks(("c1", "find_train", new { city = "Bern" }))], "tool_calls"), 1, 2);
        spans.At(spans.Chat(hotels, asked, [Asks(("c2", "find_hotel", new { city = "Bern" }))], "tool_calls"), 1.1, 2.1);
        var call = spans.At(spans.Tool(trains, "find_train", "c1", new { city = "Bern" }, null), 2.2, 3);
        spans.Fail(call, Busy.Item1, Busy.Item2);
        spans.Fail(trains, Busy.Item1, Busy.Item2);
        spans.At(spans.Tool(hotels, "find_hotel", "c2", new { city = "Bern" }, "Krone"), 2.3, 3.1);
        spans.At(
            spans.Chat(
                hotels,
                [.. asked, Asks(("c2", "find_hotel", new { city = "Bern" })), Told(("c2", "Krone"))],
                [Says("Krone.")],
                "stop"
            ),
            4,
            5
        );
        spans.At(trains, 0.5, 3);
        spans.At(hotels, 0.6, 5);
        spans.At(job, 0, 6);
        spans.Fail(job, "System.Reflection.TargetInvocationException", "a handler failed");

        var run = spans.Runs().Single();
        Assert.Multiple(() =>
        {
            Assert.That(
                run.Turns.Select(t => (t.Model!.Agent, string.Join(",", t.Calls.Select(c => c.Name)))),
                Is.EqualTo(new[] { ("Trains", "find_train"), ("Hotels", "find_hotel"), ("Hotels", "") })
            );
            Assert.That((run.Failed, run.Error!.Message), Is.EqualTo((true, "busy")));
            // The other agent asks its model afterwards; it was told nothing of this call.
            Assert.That(
                Rules(run),
                Does.Contain("unhandled-tool-error").And.Not.Contain("handled-tool-error").And.Not.Contain("agent-error")
            );
        });
    }

    // The one that ended well, after the other was stopped, shows that nobody waited for that.
    [TestCase("System.Threading.Tasks.TaskCanceledException", 3.0, false)]
    [TestCase("System.Threading.Tasks.TaskCanceledException", 1.5, true)]
    [TestCase("System.InvalidOperationException", 3.0, true)]
    public void The_loser_of_a_race_is_no_failure_of_the_run(string type, double winnerEnds, bool failed)
    {
        var spans = new DotNetSpans();
        var job = spans.At(spans.Job(), 0, 4);
        var (slow, fast) = (spans.Agent(job, "Trains", "A trip"), spans.Agent(job, "Hotels", "A trip"));
        spans.At(slow, 1, 2);
        spans.At(fast, 1, winnerEnds);
        spans.Fail(spans.At(spans.Chat(slow, [User("A trip")], [], "stop"), 1, 2), type, "A task was canceled.");
        spans.Fail(slow, type, "A task was canceled.");
        spans.At(spans.Chat(fast, [User("A trip")], [Says("A hotel.")], "stop"), 1, winnerEnds);
        Assert.That(spans.Runs().Single().Failed, Is.EqualTo(failed));
    }

    [Test]
    public void The_same_question_to_the_same_agents_again_is_an_attempt()
    {
        var spans = new DotNetSpans();
        var job = spans.Job();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            Ask(spans, spans.Agent(job, "Trains", "A trip"), "A trip", "find_train", fails: attempt == 1);
            Ask(spans, spans.Agent(job, "Hotels", "A trip"), "A trip", "find_hotel", fails: false);
        }
        var runs = spans.Runs();
        Assert.That(runs.Select(r => (r.Failed, r.ToolCalls.Count())), Is.EqualTo(new[] { (true, 2), (false, 2) }));
        Assert.That(runs.Select(r => r.ModelCalls.First().Agent), Is.All.EqualTo("Trains"));
    }

    [Test]
    public void Where_nobody_recorded_the_question_a_failure_tells_that_it_was_asked_again()
    {
        var spans = new DotNetSpans { HasContent = false, Scope = "Experimental.Microsoft.Agents.AI" };
        var job = spans.Job();
        Ask(spans, spans.Agent(job, "Trains", "A trip"), "A trip", "find_train", fails: true);
        Ask(spans, spans.Agent(job, "Trains", "A trip"), "A trip", "find_train", fails: false);
        Assert.That(spans.Runs(), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_workflow_is_one_run_whose_root_is_its_span()
    {
        var spans = new DotNetSpans();
        var workflow = spans.Add(
            spans.Job(),
            "invoke_workflow trips",
            ("gen_ai.operation.name", "invoke_workflow"),
            ("gen_ai.workflow.name", "trips")
        );
        var executor = spans.Add(workflow, "executor.process Trains", ("executor.id", "Trains"));
        Ask(spans, spans.Agent(executor, "Trains", "A trip"), "A trip", "find_train", fails: false);
        Ask(spans, spans.Agent(workflow, "Hotels", "A trip"), "A trip", "find_hotel", fails: false);
        var run = spans.Runs().Single();
        Assert.That((run.Root!.Name, run.ModelCalls.Count()), Is.EqualTo(("invoke_workflow trips", 2)));
        Assert.That(run.ModelCalls.Select(m => m.Agent), Is.EqualTo(new[] { "Trains", "Hotels" }));
    }

    [Test]
    public void A_workflow_whose_agent_failed_has_failed()
    {
        var spans = new DotNetSpans();
        var workflow = spans.Add(spans.Job(), "invoke_workflow trips", ("gen_ai.operation.name", "invoke_workflow"));
        Ask(spans, spans.Agent(workflow, "Trains", "A trip"), "A trip", "find_train", fails: true);
        Ask(spans, spans.Agent(workflow, "Hotels", "A trip"), "A trip", "find_hotel", fails: false);
        var run = spans.Runs().Single();
        Assert.That((run.Failed, run.Error!.Message), Is.EqualTo((true, "busy")));
        Assert.That(Rules(run), Does.Contain("unhandled-tool-error"));
    }

    [Test]
    public void Elsewhere_each_agent_side_by_side_is_a_run()
    {
        var spans = new Spans();
        var root = spans.Add(null, "job");
        foreach (var name in (string[])["one", "two"])
            spans.Add(
                spans.Add(root, $"invoke_agent {name}", ("gen_ai.operation.name", "invoke_agent")),
                "chat m",
                ("gen_ai.operation.name", "chat")
            );
        Assert.That(AgentRuns.Read(spans.Build()), Has.Count.EqualTo(2));
    }

    private static IEnumerable<string> Rules(AgentRun run) => InspectedRun.Of(run).Findings.Select(f => f.Rule.Name);
}
