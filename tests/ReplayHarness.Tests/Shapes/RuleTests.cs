using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Shapes;

/// <summary>Each rule, holding and not holding.</summary>
public sealed partial class RuleTests
{
    private static readonly (string, string) s_timeout = ("TimeoutError", "timed out");
    private static readonly (string, string) s_late = ("System.InvalidOperationException", "the buffer was closed");
    private static readonly (string, string) s_cancelled = ("asyncio.CancelledError", "");
    private static readonly (string, string) s_refused = ("ValueError", "no such row");
    private static readonly (string, string) s_maxSteps = ("MaxTurnsExceededError", "Max turns (6) exceeded");

    private static readonly (string, string) s_badRequest = ("BadRequestError", "400: messages with role 'tool' must follow 'tool_calls'");
    private static readonly (string, string) s_invalid = ("BadRequestError", "400: the request is not valid");
    private static readonly (string, string) s_tooMany = ("RateLimitError", "429: please try again in 20s");
    private static readonly (string, string) s_tooManyAsked = ("RateLimitError", "429 Too Many Requests");

    // A request that lost the answer which asked for the call.
    private const string Cut =
        """[{"role":"user","parts":[]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"ok"}]}]""";

    // What some record: only what a request adds to the one before it.
    private const string OnlyNew = """[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"ok"}]}]""";

    // What these find depends on what is known beside the run, or is seen by a replay alone: KnowledgeTests, RaceCorpusTests.
    private static readonly string[] s_knowing = ["healthy-call-failed", "duplicated-effect", "unsafe-sharing", "lock-order"];

    internal static IEnumerable<TestCaseData> Holding()
    {
        yield return Holds(
            "unhandled-tool-error(read, timeout)",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 5, s_timeout)
        );
        yield return Holds(
            "lost-sibling-result(list, timeout)",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("list", 1, 1)
                .Tool("read", 1, 5, s_timeout)
        );
        yield return Holds(
            "sibling-mismatch(read, timeout)",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 1, arguments: "{\"a\":1}")
                .Tool("read", 1, 61, s_timeout, "{\"a\":2}")
        );
        yield return Holds(
            "sibling-mismatch(read, timeout)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1).Tool("read", 1, 10, arguments: "{\"a\":2}").Model(12, 1)
        );
        yield return Holds(
            "timeout-constant(read, timeout)",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 60.8, s_timeout)
        );
        yield return Holds(
            "timeout-constant(read, timeout)",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 0.39, s_timeout)
        );
        yield return Holds(
            "timeout-constant(read, timeout)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1.1).Tool("read", 1, 30.1).Model(32, 1)
        );
        yield return Holds(
            "cancelled-sibling(list, cancelled)",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("list", 1, 5.01, s_cancelled)
                .Tool("read", 1, 5, s_timeout)
        );
        yield return Holds("repeated-tool-calls(read, step-limit)", Loop(3));
        yield return Holds(
            "step-limit(run, step-limit)",
            new RunBuilder { RootError = s_maxSteps }
                .Model(0, 1)
                .Tool("read", 1, 1)
                .Model(2, 1)
        );
        yield return Holds("step-limit(run, step-limit)", new RunBuilder { StopReason = "max_steps" }.Model(0, 1));
        yield return Holds(
            "model-error(model, http-5xx)",
            new RunBuilder { RootError = ("ApiError", "503") }.Model(0, 1, ("ApiError", "503 Service Unavailable"))
        );
        yield return Holds(
            "unhandled-model-error(model, rate-limit)",
            new RunBuilder { RootError = ("RateLimitError", "429") }.Model(0, 1, ("RateLimitError", "429 Too Many Requests"))
        );
        yield return Holds(
            "agent-error(run, other:KeyError)",
            new RunBuilder { RootError = ("KeyError", "'answer'") }
                .Model(0, 1)
                .Tool("read", 1, 1)
                .Model(2, 1)
        );
        yield return Holds(
            "overlapping-siblings(read, timeout)",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 1)
                .Tool("read", 1, 60, s_timeout, contendedWith: "read#1")
        );
        yield return Holds(
            "unanswered-tool-call(read, wrong-result)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1).Model(2, 1, input: RunBuilder.Messages(["a", "b"], ["a"]))
        );
        yield return Holds(
            "abandoned-call(read, other:Abandoned)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 60, result: null, abandoned: true).Model(2, 1)
        );
        yield return Holds("late-crash(run, other:InvalidOperationException)", new RunBuilder { LateCrash = s_late }.Model(0, 1));
        yield return Holds(
            "lost-result(read, wrong-result)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: "text", callId: "c1").Model(3, 1, input: RunBuilder.Tells(("c1", "")))
        );
        yield return Holds(
            "altered-result(read, wrong-result)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, s_timeout, callId: "c1").Model(3, 1, input: RunBuilder.Tells(("c1", "ok")))
        );
        yield return Holds("missing-root(run, other:MissingRoot)", new RunBuilder { MissingParent = "00000000000000aa" }.Model(0, 1));
        yield return Holds(
            "handled-tool-error(read, other:ValueError)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, s_refused).Model(3, 1)
        );
        yield return Holds("truncated-output(model, model)", new RunBuilder().Model(0, 1, finish: "[\"max_tokens\"]"));
        yield return Holds(
            "unknown-tool(read, unknown-tool)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 0, ("ToolNotFoundError", "read")).Model(2, 1)
        );
        yield return Holds(
            "unknown-tool(fetch, unknown-tool)",
            new RunBuilder().Model(0, 1).Model(2, 1, input: RunBuilder.Answered("fetch", "Error: Requested function \"fetch\" not found."))
        );
        yield return Holds(
            "invalid-arguments(read, invalid-arguments)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 0, ("ValidationError", "id: required")).Model(2, 1)
        );
        yield return Holds(
            "invalid-arguments(read, invalid-arguments)",
            new RunBuilder().Model(0, 1).Model(2, 1, input: RunBuilder.Answered("read", "Error: invalid arguments: id is required"))
        );
        yield return Holds(
            "soft-error(read, timeout)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: "{\"response_status\":\"Error\",\"message\":\"timed out\"}").Model(3, 1)
        );
        yield return Holds(
            "soft-error(read, http-5xx)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: "Error executing tool read: 503 from upstream").Model(3, 1)
        );
        yield return Holds(
            "swallowed-error(read, timeout)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, s_timeout).Model(3, 1, output: RunBuilder.Says("The order is there."))
        );
        yield return Holds(
            "repeated-call(read, timeout)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 5, s_timeout).Tool("read", 6, 1).Model(8, 1)
        );
        yield return Holds("model-retries(model, model)", new RunBuilder().Model(0, 1, ("ApiError", "503")).Model(2, 1));
        yield return Holds("model-retries(model, model)", new RunBuilder().Model(0, 3).Http(0.1, 1, "429").Http(1.5, 1, "200"));
        yield return Holds(
            "orphan-tool-result(model, wrong-result)",
            new RunBuilder { RootError = s_badRequest }.Model(0, 1, s_badRequest, input: Cut)
        );
        yield return Holds(
            "retry-after-ignored(model, rate-limit)",
            new RunBuilder { RootError = s_tooMany }
                .Model(0, 1, s_tooMany)
                .Model(1.5, 1, s_tooMany)
        );
        yield return Holds(
            "retry-after-ignored(model, rate-limit)",
            new RunBuilder { RootError = s_tooManyAsked }
                .Model(0, 3, s_tooManyAsked)
                .Http(0.1, 0.1, "429", retryAfter: "20")
                .Http(0.3, 0.1, "429", retryAfter: "20")
        );
        foreach (var (identity, run) in HoldingAtTheEnd())
            yield return Holds(identity, run);
        yield return Holds("noise-error(run, other:KeyError)", new RunBuilder().Model(0, 1).Outside(0, 1, ("KeyError", "x")));

        static TestCaseData Holds(string identity, RunBuilder run) => new TestCaseData(identity, run).SetName($"Holds: {identity}");
    }

    private static IEnumerable<TestCaseData> NotHolding()
    {
        foreach (var (rule, why, run) in NotHoldingAtTheEnd())
            yield return Not(rule, why, run);
        yield return Not(
            "unhandled-tool-error",
            "the model was told",
            new RunBuilder().Model(0, 1).Tool("read", 1, 5, s_timeout).Model(7, 1)
        );
        yield return Not(
            "unhandled-tool-error",
            "the run went on and died of something else",
            new RunBuilder { RootError = s_maxSteps }
                .Model(0, 1)
                .Tool("read", 1, 5, s_timeout)
                .Model(7, 1)
        );
        yield return Not(
            "unhandled-tool-error",
            "the call was a victim",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("list", 1, 5.01, s_cancelled)
                .Tool("read", 1, 5, s_timeout),
            role: "list"
        );
        yield return Not(
            "lost-sibling-result",
            "both results reached the model",
            new RunBuilder().Model(0, 1).Tool("list", 1, 1).Tool("read", 1, 5, s_timeout).Model(7, 1)
        );
        yield return Not(
            "lost-sibling-result",
            "the other call is of an earlier turn",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("list", 1, 1)
                .Model(3, 1)
                .Tool("read", 4, 5, s_timeout)
        );
        yield return Not(
            "sibling-mismatch",
            "the two took about as long",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1).Tool("read", 1, 1.6).Model(3, 1)
        );
        yield return Not(
            "sibling-mismatch",
            "the slow one took more than 5 s longer, but less than ten times as long",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1).Tool("read", 1, 9.9).Model(12, 1)
        );
        yield return Not(
            "sibling-mismatch",
            "the slow one took more than ten times as long, but less than 5 s longer",
            new RunBuilder().Model(0, 1).Tool("read", 1, 0.4).Tool("read", 1, 5.3).Model(12, 1)
        );
        yield return Not(
            "sibling-mismatch",
            "the two are of different tools",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1).Tool("list", 1, 61).Model(63, 1)
        );
        yield return Not("orphan-tool-result", "the request was taken", new RunBuilder().Model(0, 1, input: Cut));
        yield return Not(
            "orphan-tool-result",
            "the call is there",
            new RunBuilder { RootError = s_badRequest }.Model(0, 1, s_badRequest, input: RunBuilder.Messages(["a"], ["a"]))
        );
        yield return Not(
            "orphan-tool-result",
            "too many requests are no fault of the history",
            new RunBuilder { RootError = s_tooMany }.Model(0, 1, s_tooMany, input: Cut)
        );
        yield return Not(
            "orphan-tool-result",
            "only what is new in the request was recorded, and the API does not speak of calls",
            new RunBuilder { RootError = s_invalid }.Model(0, 1, s_invalid, input: OnlyNew)
        );
        yield return Not(
            "retry-after-ignored",
            "the client's timer was a little early",
            new RunBuilder { RootError = s_tooMany }
                .Model(0, 1, s_tooMany)
                .Model(19.5, 1, s_tooMany)
        );
        yield return Not(
            "retry-after-ignored",
            "the client waited",
            new RunBuilder { RootError = s_tooMany }
                .Model(0, 1, s_tooMany)
                .Model(21, 1, s_tooMany)
        );
        yield return Not("retry-after-ignored", "the call was answered in the end", new RunBuilder().Model(0, 1, s_tooMany).Model(2, 1));
        yield return Not(
            "retry-after-ignored",
            "nobody said how long to wait",
            new RunBuilder { RootError = s_tooManyAsked }
                .Model(0, 1, s_tooManyAsked)
                .Model(2, 1, s_tooManyAsked)
        );
        yield return Not(
            "timeout-constant",
            "it is 10% above the constant",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 66, s_timeout)
        );
        yield return Not(
            "timeout-constant",
            "it is below the constant",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 59.9, s_timeout)
        );
        yield return Not(
            "timeout-constant",
            "a slow success without a faster sibling proves nothing",
            new RunBuilder().Model(0, 1).Tool("read", 1, 60.5).Model(63, 1)
        );
        yield return Not(
            "cancelled-sibling",
            "nothing failed beside it",
            new RunBuilder { RootError = s_cancelled }
                .Model(0, 1)
                .Tool("list", 1, 5, s_cancelled)
        );
        yield return Not("repeated-tool-calls", "one repetition may be a retry", Loop(2));
        yield return Not(
            "repeated-tool-calls",
            "the arguments differ",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 1, arguments: "{\"p\":1}")
                .Model(2, 1)
                .Tool("read", 3, 1, arguments: "{\"p\":2}")
                .Model(4, 1)
                .Tool("read", 5, 1, arguments: "{\"p\":3}")
                .Model(6, 1)
        );
        yield return Not("step-limit", "it stopped of itself", new RunBuilder { StopReason = "stop" }.Model(0, 1));
        yield return Not("unhandled-model-error", "the agent asked again", new RunBuilder().Model(0, 1, ("ApiError", "503")).Model(2, 1));
        yield return Not("model-error", "the model answered", new RunBuilder().Model(0, 1));
        yield return Not(
            "agent-error",
            "a tool's error accounts for it",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 5, s_timeout)
        );
        yield return Not(
            "overlapping-siblings",
            "overlap alone proves nothing",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 1)
                .Tool("read", 1, 60, s_timeout)
        );
        yield return Not(
            "unanswered-tool-call",
            "every call was answered",
            new RunBuilder().Model(0, 1).Model(2, 1, input: RunBuilder.Messages(["a", "b"], ["b", "a"]))
        );
        yield return Not("abandoned-call", "it answered", new RunBuilder().Model(0, 1).Tool("read", 1, 60).Model(61, 1));
        yield return Not("late-crash", "the run itself failed", new RunBuilder { RootError = s_late }.Model(0, 1));
        yield return Not(
            "lost-result",
            "the call gave nothing",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: "", callId: "c1").Model(3, 1, input: RunBuilder.Tells(("c1", "")))
        );
        yield return Not(
            "altered-result",
            "an error was told as one",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 1, s_timeout, callId: "c1")
                .Model(3, 1, input: RunBuilder.Tells(("c1", "Error: timed out")))
        );
        yield return Not(
            "repeated-call",
            "no time-out was before",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1).Tool("read", 3, 1).Model(5, 1)
        );
        yield return Not("missing-root", "the root is there", new RunBuilder().Model(0, 1));
        yield return Not(
            "wrong-result",
            "nothing was captured to compare with",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1).Model(2, 1)
        );
        yield return Not("truncated-output", "it stopped of itself", new RunBuilder().Model(0, 1, finish: "[\"stop\"]"));
        yield return Not(
            "unknown-tool",
            "the tool is there and failed",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, s_refused).Model(3, 1)
        );
        yield return Not(
            "invalid-arguments",
            "it was answered well",
            new RunBuilder().Model(0, 1).Model(2, 1, input: RunBuilder.Answered("read", "a text on invalid arguments"))
        );
        yield return Not(
            "soft-error",
            "the result only speaks of errors",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 1, result: "{\"title\":\"Error codes\",\"errors\":[],\"status\":\"ok\",\"error\":null}")
                .Model(3, 1)
        );
        yield return Not("soft-error", "the span has the error", new RunBuilder().Model(0, 1).Tool("read", 1, 1, s_timeout).Model(3, 1));
        yield return Not(
            "swallowed-error",
            "the answer admits it",
            new RunBuilder().Model(0, 1).Tool("read", 1, 1, s_timeout).Model(3, 1, output: RunBuilder.Says("I could not read the file."))
        );
        yield return Not(
            "swallowed-error",
            "a later call answered",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 1, s_timeout)
                .Model(3, 1)
                .Tool("read", 4, 1)
                .Model(6, 1, output: RunBuilder.Says("Done."))
        );
        yield return Not(
            "swallowed-error",
            "the run failed",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1, output: RunBuilder.Says("Reading."))
                .Tool("read", 1, 1, s_timeout)
        );
        yield return Not("model-retries", "one request", new RunBuilder().Model(0, 3).Http(0.1, 1, "200"));
        yield return Not(
            "model-retries",
            "two requests that both went well",
            new RunBuilder().Model(0, 3).Http(0.1, 1, "200").Http(1.5, 1, "200")
        );
        yield return Not(
            "noise-error",
            "it carries the run's own error",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 5, s_timeout)
                .Outside(6, 0, s_timeout)
        );

        static TestCaseData Not(string rule, string why, RunBuilder run, string? role = null) =>
            new TestCaseData(rule, run, role).SetName($"Does not hold: {rule}: {why}");
    }

    [TestCaseSource(nameof(Holding))]
    public void Holds(object identity, object run)
    {
        var findings = ((RunBuilder)run).Inspect().Findings;
        var finding = findings.FirstOrDefault(f => f.Identity.ToString() == (string)identity);
        Assert.That(finding, Is.Not.Null, $"found: {string.Join(", ", findings.Select(f => f.Identity))}");
        Assert.That(finding!.Evidence, Is.Not.Empty);
        Assert.That(finding.Message, Is.Not.Empty.And.Not.Contains("\n"));
    }

    [TestCaseSource(nameof(NotHolding))]
    public void Does_not_hold(object rule, object run, object? role) =>
        Assert.That(
            ((RunBuilder)run).Inspect().Findings.Where(f => f.Rule.Name == (string)rule && (role is null || f.Role == (string)role)),
            Is.Empty
        );

    [Test]
    public void Wrong_result_compares_with_what_the_same_call_returned()
    {
        var expected = new Dictionary<(string, string), string> { [("read", "{\"id\":1}")] = "\"whole text\"" };
        var run = new RunBuilder().Model(0, 1).Tool("read", 1, 1, arguments: "{ \"id\": 1 }", result: "\"half\"").Model(3, 1);
        Assert.That(run.Inspect(expected).Findings.Select(f => f.Identity.ToString()), Does.Contain("wrong-result(read, wrong-result)"));
        var same = new RunBuilder().Model(0, 1).Tool("read", 1, 1, arguments: "{\"id\":1}", result: "\"whole text\"").Model(3, 1);
        Assert.That(same.Inspect(expected).Findings, Is.Empty);
    }

    [Test]
    public void Every_rule_has_a_test_of_both_kinds()
    {
        var holding = Holding().Select(c => ((string)c.Arguments[0]!).Split('(')[0]).Concat(["wrong-result", .. s_knowing]);
        var not = NotHolding().Select(c => (string)c.Arguments[0]!).Concat(["handled-tool-error", .. s_knowing]);
        string[] all = [.. RuleTable.All.Select(r => r.Name)];
        Assert.That(holding.Distinct(), Is.EquivalentTo(all));
        Assert.That(not.Distinct(), Is.EquivalentTo(all));
        Assert.That(RuleTable.All.Select(r => r.Summary), Is.All.EndsWith("."));
    }

    private static RunBuilder Loop(int times)
    {
        var run = new RunBuilder();
        for (var i = 0; i < times; i++)
            run.Model(2 * i, 1).Tool("read", (2 * i) + 1, 1, arguments: i % 2 == 0 ? "{\"a\":1,\"b\":2}" : "{ \"b\": 2, \"a\": 1 }");
        return run.Model(2 * times, 1);
    }
}
