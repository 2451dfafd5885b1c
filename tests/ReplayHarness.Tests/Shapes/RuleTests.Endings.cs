using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Shapes;

/// <content>How a run ends, and what fails within one that ends well.</content>
public sealed partial class RuleTests
{
    private static readonly (string, string) s_stopped = ("System.OperationCanceledException", "The operation was canceled.");
    private static readonly string s_asksForB = Authored.Asks("read", "b");

    private static RunBuilder OneCall(string? missing = null, (string, string)? error = null) =>
        new RunBuilder { MissingParent = missing, RootError = error }
            .Model(0, 1, output: Authored.Asks("read", "a"))
            .Tool("read", 1, 1, arguments: Authored.About("a"), callId: "a");

    private static IEnumerable<(string Identity, RunBuilder Run)> HoldingAtTheEnd()
    {
        yield return ("pending-tool-call(read, step-limit)", OneCall().Model(3, 1, output: s_asksForB));
        // Without ids a call is told by its name.
        yield return (
            "pending-tool-call(read, step-limit)",
            new RunBuilder()
                .Model(0, 1, output: Authored.Asks("read", "a"))
                .Tool("read", 1, 1)
                .Model(3, 1, output: Authored.Asks("read", "b", "c"))
                .Tool("read", 4, 1)
        );
        yield return (
            "pending-tool-call(read, timeout)",
            new RunBuilder { RootError = s_stopped }
                .Model(0, 1, output: s_asksForB)
                .Step(1, 60)
        );
        yield return ("unfinished-run(read, other:Unfinished)", OneCall(missing: "00000000000000ff").Model(3, 1, output: s_asksForB));
        yield return (
            "unfinished-run(list, other:Unfinished)",
            new RunBuilder { MissingParent = "00000000000000ff" }
                .Model(0, 1, output: Authored.Asks(("read", "a"), ("list", "b")))
                .Tool("read", 1, 1, arguments: Authored.About("a"), callId: "a")
        );
        yield return ("blocked-answer(model, model)", new RunBuilder().Model(0, 1, finish: "content_filter"));
        yield return ("blocked-answer(model, model)", new RunBuilder().Model(0, 1, finish: "SAFETY"));
        yield return ("blocked-answer(model, model)", new RunBuilder().Model(0, 1, finish: "refusal"));
        yield return ("malformed-call(model, model)", new RunBuilder().Model(0, 1, finish: "MALFORMED_FUNCTION_CALL"));
        yield return ("malformed-call(model, model)", new RunBuilder().Model(0, 1, finish: "UNEXPECTED_TOOL_CALL"));
        yield return ("truncated-output(model, model)", new RunBuilder().Model(0, 1, finish: "model_context_window_exceeded"));
        yield return ("empty-answer(model, model)", new RunBuilder().Model(0, 1, output: RunBuilder.Says(" \n")));
        yield return ("empty-answer(model, model)", new RunBuilder().Model(0, 1, output: RunBuilder.Says("")));
        yield return ("inner-error(run, other:ValueError)", new RunBuilder().Model(0, 1).Step(1, 1, s_refused).Model(3, 1));
        yield return (
            "swallowed-in-tool(read, http-5xx)",
            new RunBuilder().Model(0, 1).Tool("read", 1, 2).Http(1.5, 0.5, "503", method: "GET", url: "https://shelf.example/b").Model(4, 1)
        );
        yield return (
            "outliving-call(read, other:Outliving)",
            new RunBuilder { Ends = 2 }
                .Model(0, 1)
                .Tool("read", 1, 5)
        );
        yield return (
            "repeated-tool-calls(handoff_to_b, step-limit)",
            new RunBuilder()
                .Model(0, 1, output: Authored.Asks("handoff_to_b", "x"))
                .Model(2, 1, output: Authored.Asks("handoff_to_b", "y"))
                .Model(4, 1, output: Authored.Asks("handoff_to_b", "z"))
        );
    }

    private static IEnumerable<(string Rule, string Why, RunBuilder Run)> NotHoldingAtTheEnd()
    {
        yield return (
            "outliving-call",
            "the run's span closed with the call's",
            new RunBuilder { Ends = 1.999 }
                .Model(0, 1)
                .Tool("read", 1, 1)
        );
        yield return (
            "pending-tool-call",
            "the agent runs no tool of that name",
            OneCall().Model(3, 1, output: Authored.Asks("final_result", "b"))
        );
        yield return ("pending-tool-call", "a call failed and ended the run", OneCall(error: s_timeout).Tool("read", 2, 1, s_timeout));
        yield return (
            "pending-tool-call",
            "the run was cancelled at once",
            new RunBuilder { RootError = s_stopped }
                .Model(0, 1, output: s_asksForB)
                .Step(1, 0.2)
        );
        yield return (
            "pending-tool-call",
            "it is the trace that has no end",
            OneCall(missing: "00000000000000ff").Model(3, 1, output: s_asksForB)
        );
        yield return (
            "pending-tool-call",
            "a limit says that it stopped the run",
            new RunBuilder { StopReason = "max_steps" }
                .Model(0, 1, output: Authored.Asks("read", "a"))
                .Tool("read", 1, 1, callId: "a")
                .Model(3, 1, output: s_asksForB)
        );
        yield return ("unfinished-run", "the root is there", OneCall().Model(3, 1, output: s_asksForB));
        yield return (
            "unfinished-run",
            "the last answer may be what was asked for",
            OneCall(missing: "00000000000000ff").Model(3, 1, output: Authored.Asks("final_result", "b"))
        );
        yield return ("unfinished-run", "all that was asked for was made", OneCall(missing: "00000000000000ff"));
        yield return (
            "lost-sibling-result",
            "no call of the model was traced",
            new RunBuilder { RootError = s_timeout }
                .Tool("list", 1, 1)
                .Tool("read", 1, 5, s_timeout)
        );
        yield return (
            "unanswered-tool-call",
            "the provider's turn paused",
            new RunBuilder()
                .Model(0, 1, output: Authored.Asks("search", "s1"), finish: "pause_turn")
                .Model(2, 1, input: RunBuilder.Messages(["s1"], []))
        );
        yield return ("blocked-answer", "it was asked again", new RunBuilder().Model(0, 1, finish: "content_filter").Model(2, 1));
        yield return ("malformed-call", "it was asked again", new RunBuilder().Model(0, 1, finish: "UNEXPECTED_TOOL_CALL").Model(2, 1));
        yield return (
            "cancelled-sibling",
            "it is another try of what had failed",
            new RunBuilder { RootError = s_cancelled }
                .Model(0, 1)
                .Tool("read", 1, 30.02, s_timeout)
                .Tool("read", 31.03, 4.3, s_cancelled)
        );
        yield return ("model-error", "its agent gave it up, and went on", new RunBuilder().Model(0, 1, s_cancelled).Model(0, 2));
        yield return (
            "unhandled-model-error",
            "its agent gave it up, and died of something else",
            new RunBuilder { RootError = s_refused }
                .Model(0, 1, s_cancelled)
                .Model(0, 2)
        );
        yield return (
            "repeated-tool-calls",
            "each time with another result",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 1, result: "queued")
                .Tool("read", 3, 1, result: "running")
                .Tool("read", 5, 1, result: "done")
                .Model(7, 1)
        );
        yield return (
            "unanswered-tool-call",
            "the provider runs it itself",
            new RunBuilder().Model(0, 1).Model(2, 1, input: RunBuilder.Messages(["srvtoolu_1", "b"], ["b"]))
        );
        yield return ("blocked-answer", "the model answered", new RunBuilder().Model(0, 1, finish: "stop"));
        yield return ("malformed-call", "the model answered", new RunBuilder().Model(0, 1, finish: "stop"));
        yield return ("empty-answer", "the answer says something", new RunBuilder().Model(0, 1, output: RunBuilder.Says("Done.")));
        yield return ("empty-answer", "what it said was not recorded", new RunBuilder().Model(0, 1));
        yield return (
            "inner-error",
            "the run died of it",
            new RunBuilder { RootError = s_refused }
                .Model(0, 1)
                .Step(1, 1, s_refused)
        );
        yield return (
            "swallowed-in-tool",
            "another try went well",
            new RunBuilder()
                .Model(0, 1)
                .Tool("read", 1, 2)
                .Http(1.5, 0.5, "503", method: "GET", url: "https://shelf.example/b")
                .Http(2.1, 0.5, "200", method: "GET", url: "https://shelf.example/b")
                .Model(4, 1)
        );
        yield return (
            "swallowed-in-tool",
            "the tool failed of it",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("read", 1, 2, s_timeout)
                .Http(1.5, 0.5, "503", method: "GET", url: "https://shelf.example/b")
        );
        // Long before, and at no round time, which would be a deadline of its own.
        yield return (
            "cancelled-sibling",
            "it was cancelled before any sibling had failed",
            new RunBuilder { RootError = s_refused }
                .Model(0, 1)
                .Tool("list", 1, 4.3, s_cancelled)
                .Tool("read", 1, 9, s_refused)
        );
        yield return (
            "unanswered-tool-call",
            "the result says not whose it is",
            new RunBuilder()
                .Model(0, 1)
                .Model(
                    2,
                    1,
                    input: RunBuilder
                        .Answered("read", "ok")
                        .Replace(
                            "{\"type\":\"tool_call_response\",\"id\":\"c1\"",
                            "{\"type\":\"tool_call_response\"",
                            StringComparison.Ordinal
                        )
                )
        );
        yield return (
            "repeated-tool-calls",
            "it was handed over twice",
            new RunBuilder().Model(0, 1, output: Authored.Asks("handoff_to_b", "x")).Model(2, 1, output: Authored.Asks("handoff_to_b", "y"))
        );
    }
}
