using ReplayHarness.Diagnosis;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Shapes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Diagnosis;

/// <content>How a run ends, and what the model was told.</content>
public sealed partial class DiagnosticRuleTests
{
    private const string NoSpan = "00000000000000ff";
    private static readonly (string, string) s_stopped = ("System.OperationCanceledException", "The operation was canceled.");
    private static readonly (string, string) s_badRequest = ("BadRequestError", "400: messages with role 'tool' must follow 'tool_calls'");
    private static readonly (string, string) s_tooMany = ("RateLimitError", "429: please try again in 20s");

    // Rules that only a replay, or a fixture, can let hold: its report says why.
    private static readonly string[] s_ofReplays = ["abandoned-call", "late-crash", "overlapping-siblings"];

    private static RunBuilder Asking(string? missing = null) =>
        new RunBuilder { MissingParent = missing }
            .Model(0, 1, output: Authored.Asks("read", "a"))
            .Tool("read", 1, 1, arguments: Authored.About("a"), callId: "a")
            .Model(3, 1, output: Authored.Asks("read", "b"));

    private static RunBuilder Paid(string method) =>
        new RunBuilder()
            .Model(0, 1)
            .Tool("pay", 1, 1, arguments: Authored.About("a"))
            .Http(1.1, 0.5, "200", method: method, url: "https://pay.example/a")
            .Tool("pay", 3, 1, arguments: Authored.About("a"))
            .Http(3.1, 0.5, "200", method: method, url: "https://pay.example/a")
            .Model(5, 1);

    private static IEnumerable<(string Rule, RunBuilder Run)> HoldingAtTheEnd()
    {
        yield return (
            "call-never-returned",
            new RunBuilder { RootError = s_stopped }
                .Model(0, 1, output: Authored.Asks("read", "b"))
                .Step(1, 60)
        );
        yield return ("stopped-while-asked", Asking());
        yield return ("run-cut-short", Asking(NoSpan));
        yield return ("no-usable-answer", new RunBuilder().Model(0, 1, finish: "content_filter"));
        yield return ("no-usable-answer", new RunBuilder().Model(0, 1, output: RunBuilder.Says("")));
        yield return (
            "broken-history",
            new RunBuilder { RootError = s_badRequest }.Model(
                0,
                1,
                s_badRequest,
                input: """[{"role":"user","parts":[]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c","response":"ok"}]}]"""
            )
        );
        yield return (
            "results-mixed-up",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: "text", callId: "c1").Model(3, 1, input: RunBuilder.Tells(("c1", "")))
        );
        yield return (
            "asked-too-soon",
            new RunBuilder { RootError = s_tooMany }
                .Model(0, 1, s_tooMany)
                .Model(1.5, 1, s_tooMany)
        );
        yield return (
            "hidden-in-tool",
            new RunBuilder().Model(0, 1).Tool("read", 1, 2).Http(1.5, 0.5, "503", method: "GET", url: "https://shelf.example/b").Model(4, 1)
        );
        yield return ("done-twice", Paid("POST"));
        yield return (
            "ran-out-of-steps",
            new RunBuilder { RootError = ("MaxTurnsExceededError", "Max turns (6) exceeded") }
                .Model(0, 1)
                .Tool("read", 1, 1)
        );
        yield return (
            "handed-to-and-fro",
            new RunBuilder()
                .Model(0, 1, output: Authored.Asks("handoff_to_b", "x"))
                .Model(2, 1, output: Authored.Asks("handoff_to_b", "y"))
                .Model(4, 1, output: Authored.Asks("handoff_to_b", "z"))
        );
        yield return ("may-run-in-parallel", InTurn(2));
        // The request within a call is the call's error.
        yield return (
            "model-failure",
            new RunBuilder { RootError = s_tooMany }
                .Model(0, 1, s_tooMany)
                .Http(0.1, 0.5, "429")
        );
    }

    private static IEnumerable<(string Rule, string Why, RunBuilder Run)> NotHoldingAtTheEnd()
    {
        yield return ("call-never-returned", "a limit stopped it", Asking());
        yield return ("stopped-while-asked", "it is the trace that has no end", Asking(NoSpan));
        yield return ("run-cut-short", "the run ended", Asking());
        yield return ("no-usable-answer", "the model answered", new RunBuilder().Model(0, 1, output: RunBuilder.Says("Done.")));
        yield return ("broken-history", "the request was right, and refused", NoModel());
        yield return (
            "results-mixed-up",
            "it was told as it is",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 1, result: "text", callId: "c1")
                .Model(3, 1, input: RunBuilder.Tells(("c1", "text")))
        );
        yield return ("asked-too-soon", "nobody said how long to wait", NoModel());
        yield return (
            "hidden-in-tool",
            "the request went well",
            new RunBuilder().Model(0, 1).Tool("read", 1, 2).Http(1.5, 0.5, "200", method: "GET", url: "https://shelf.example/b").Model(4, 1)
        );
        yield return ("ran-out-of-steps", "it is stuck in a loop", Loop("max_steps"));
        yield return ("handed-to-and-fro", "a tool was called", Loop("stop"));
        yield return ("done-twice", "reading twice changes nothing", Paid("GET"));
        yield return ("may-run-in-parallel", "the calls ran at once", InTurn(1.9));
        yield return ("may-run-in-parallel", "the run failed", InTurn(2, s_timeout));
    }

    private static RunBuilder InTurn(double second, (string, string)? error = null) =>
        new RunBuilder { RootError = error }
            .Model(0, 1)
            .Tool("read", 1, 1)
            .Tool("list", second, 1)
            .Model(4, 1);

    private static IEnumerable<TestCaseData> Failures() =>
        RuleTests
            .Holding()
            .Select(c => new TestCaseData(c.Arguments).SetName($"Explained: {c.Arguments[0]}"))
            .Where(c => IsOfATrace(RuleTable.Find(((string)c.Arguments[0]!).Split('(')[0])!));

    private static bool IsOfATrace(Rule rule) => rule.Kind != FindingKind.Observation && !s_ofReplays.Contains(rule.Name);

    // Whatever the rules of shapes find, a diagnosis has something to say of it.
    [TestCaseSource(nameof(Failures))]
    public void No_failure_is_without_an_explanation(string identity, object run)
    {
        var diagnosis = RunDiagnosis.Of(Case((RunBuilder)run, null, null, null));
        Assert.That(diagnosis.Conclusion, Is.Not.EqualTo("no rule explains it"));
    }

    [TestCase(NoSpan, "unfinished")]
    [TestCase(null, "ok")]
    public void How_a_run_ended(string? missing, string expected) =>
        Assert.That(RunDiagnosis.Of(Case(Asking(missing), null, null, null)).Outcome, Is.EqualTo(expected));

    [Test]
    public void An_error_after_a_call_without_a_span_is_not_said_to_be_the_agent_s_alone()
    {
        var run = new RunBuilder { RootError = ("KeyError", "'answer'") }.Model(0, 1, output: Authored.Asks("read", "b"));
        Assert.That(
            RunDiagnosis.Of(Case(run, null, null, null)).Hypotheses.Single(h => h.Rule == "agent-code-failure").Claim,
            Does.Contain("or read did")
        );
    }
}
