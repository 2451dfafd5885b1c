using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Shapes;

/// <summary>
/// What the model is told is compared with what each call gave; what agents do with results that is no mistake is left alone.
/// </summary>
public sealed class ToldResultsTests
{
    private const string Notes = """{"title":"Notes","lines":["milk and bread","a long walk home"]}""";
    private const string Orders = """{"orders":[{"id":17,"state":"paid"},{"id":18,"state":"open"}]}""";
    private static readonly (string, string) s_timeout = ("System.TimeoutException", "The operation has timed out.");
    private static readonly (string, string) s_cancelled = ("System.OperationCanceledException", "The operation was canceled.");

    [TestCase(Orders, Notes, "altered-result, altered-result", TestName = "The results of two calls, swapped")]
    [TestCase(Orders, Orders, "altered-result", TestName = "One result told twice")]
    [TestCase(
        "\"{\\\"orders\\\":[{\\\"state\\\":\\\"paid\\\",\\\"id\\\":17},{\\\"id\\\":18,\\\"state\\\":\\\"open\\\"}]}\"",
        Orders,
        "altered-result",
        TestName = "A swapped result as a string of JSON, its members in another order"
    )]
    [TestCase(
        """{"result":{"orders":[{"id":17,"state":"paid"},{"id":18,"state":"open"}]}}""",
        Orders,
        "altered-result",
        TestName = "A swapped result in a wrapper"
    )]
    [TestCase("", "", "lost-result, lost-result", TestName = "Nothing")]
    [TestCase(null, Orders, "lost-result", TestName = "Null")]
    [TestCase("{}", Orders, "lost-result", TestName = "An empty object")]
    [TestCase("System.Threading.Tasks.Task`1[System.String]", Orders, "lost-result", TestName = "A task that was not awaited")]
    [TestCase("[object Promise]", Orders, "lost-result", TestName = "A promise that was not awaited")]
    [TestCase(Notes, Orders, "", TestName = "What the calls gave")]
    [TestCase(
        """{"lines": ["milk and bread", "a long walk home"], "title": "Notes"}""",
        Orders,
        "",
        TestName = "The same JSON, written otherwise"
    )]
    [TestCase("""{"title":"Notes","lines":["milk and bread","a""", Orders, "", TestName = "Shortened")]
    [TestCase("# Notes\n- milk and bread\n- a long walk home", Orders, "", TestName = "JSON as Markdown")]
    [TestCase("""{"title":"Notes"}""", Orders, "", TestName = "Some members only")]
    [TestCase("[]", Orders, "", TestName = "A list with nothing in it that is of interest")]
    [TestCase("ok", "ok", "", TestName = "A word in the place of long results")]
    [TestCase("2 lines", Orders, "", TestName = "A summary")]
    [TestCase("Result of read: " + Notes, Orders, "", TestName = "With a prefix")]
    public void Told_of_two_calls_that_went_well(string? first, string? second, string expected)
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, arguments: "{\"p\":1}", result: Notes, callId: "c1")
            .Tool("read", 1, 2, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("c1", first), ("c2", second)));
        Assert.That(Rules(run), Is.EqualTo(expected));
    }

    [TestCase("{}", "altered-result", TestName = "A failure told as an empty object")]
    [TestCase("[]", "altered-result", TestName = "A failure told as an empty list")]
    [TestCase("ok", "altered-result", TestName = "A failure told as ok")]
    [TestCase("Success: Function completed.", "altered-result", TestName = "A failure told as a success")]
    [TestCase(Orders, "altered-result", TestName = "A failure told as what the sibling gave")]
    [TestCase("""{"title":"Notes","pages":3}""", "altered-result", TestName = "A failure told as invented data")]
    [TestCase("", "lost-result", TestName = "A failure told as nothing")]
    [TestCase("Error: Function failed.", "", TestName = "A failure told as frameworks do")]
    [TestCase("Error: The operation has timed out.", "", TestName = "A failure told with its message")]
    [TestCase("""{"error":"timed out"}""", "", TestName = "A failure told as an error in JSON")]
    [TestCase("""{"ok":false}""", "", TestName = "A failure told by a flag")]
    [TestCase("""{"content":null}""", "lost-result", TestName = "A failure told as no content")]
    [TestCase("""{"hinweis":"Der Dienst war eine Minute lang stumm."}""", "", TestName = "A failure told in a sentence in JSON")]
    [TestCase("Der Dienst hat sich eine Minute lang ausgeschwiegen.", "", TestName = "A failure told in a German sentence")]
    [TestCase("サービスが応答しませんでした", "", TestName = "A failure told in Japanese")]
    [TestCase("The service took too long; ask the user for a copy.", "", TestName = "A failure told in a sentence")]
    public void Told_of_a_call_that_failed(string told, string expected)
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_timeout, "{\"p\":1}", callId: "c1")
            .Tool("list", 1, 2, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("c1", told), ("c2", Orders)));
        Assert.That(Rules(run), Is.EqualTo(expected));
    }

    [Test]
    public void A_retry_that_went_well_is_told_under_the_id_of_the_call()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_timeout, "{\"p\":1}", callId: "c1")
            .Tool("read", 2, 1, arguments: "{\"p\":1}", result: Notes)
            .Model(4, 1, input: RunBuilder.Tells(("c1", Notes)));
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void A_fallback_that_the_model_did_not_ask_for_may_answer()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_timeout, "{\"p\":1}", callId: "c1")
            .Tool("mirror", 2, 1, arguments: "{}", result: Orders)
            .Model(4, 1, input: RunBuilder.Tells(("c1", """{"orders":2}""")));
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void A_fallback_may_be_told_word_for_word()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_timeout, "{\"p\":1}", callId: "c1")
            .Tool("mirror", 2, 1, arguments: "{}", result: Orders)
            .Model(4, 1, input: RunBuilder.Tells(("c1", Orders)));
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void Of_two_equal_calls_each_may_answer_for_the_other()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_timeout, "{\"p\":1}", callId: "c1")
            .Tool("read", 1, 2, arguments: "{\"p\":1}", result: Notes, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("c1", Notes), ("c2", Notes)));
        Assert.That(Rules(run), Is.Empty);
    }

    [TestCase(Notes, "[]", "", TestName = "An empty list is nobody's")]
    [TestCase(null, Orders, "", TestName = "What was not recorded may have been the same")]
    [TestCase(Notes, Orders, "altered-result", TestName = "What the sibling gave is the sibling's")]
    public void Told_what_the_sibling_gave(string? own, string told, string expected)
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, arguments: "{\"p\":1}", result: own, callId: "c1")
            .Tool("list", 1, 2, arguments: "{\"p\":2}", result: told, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("c1", told), ("c2", told)));
        Assert.That(Rules(run), Is.EqualTo(expected));
    }

    [Test]
    public void A_failure_that_is_summed_up_later_was_told_before()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_timeout, "{\"p\":1}", callId: "c1")
            .Model(3, 1, input: RunBuilder.Tells(("c1", "Error: The operation has timed out.")))
            .Tool("read", 4, 1, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(6, 1, input: RunBuilder.Tells(("c1", "done"), ("c2", Orders)));
        Assert.That(Rules(run), Is.Empty);
    }

    [TestCase(true, "")]
    [TestCase(false, "altered-result")]
    public void A_mark_says_that_it_failed_whatever_the_text_says(bool isMarked, string expected)
    {
        var told = RunBuilder.Tells(("c1", "ok"));
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_timeout, "{\"p\":1}", callId: "c1")
            .Model(3, 1, input: isMarked ? told.Replace("\"response\":", "\"is_error\":true,\"response\":") : told);
        Assert.That(Rules(run), Is.EqualTo(expected));
    }

    // Of two that were asked at once, the first may answer for both.
    [TestCase("", TestName = "A call that was cancelled has nothing to tell")]
    [TestCase(Orders, TestName = "Another may answer for a call that was cancelled")]
    public void Told_of_a_call_that_was_cancelled(string told)
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_cancelled, "{\"p\":1}", callId: "c1")
            .Tool("list", 1, 2, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("c1", told), ("c2", Orders)));
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void What_a_failure_takes_with_it_is_a_lost_sibling()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, s_timeout, "{\"p\":1}", callId: "c1")
            .Tool("list", 1, 2, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Tool("list", 1, 2, arguments: "{\"p\":3}", result: Notes, callId: "c3")
            .Model(4, 1, input: RunBuilder.Tells(("c1", "Error: The operation has timed out."), ("c2", Orders)));
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void What_was_told_once_may_be_left_out_later()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, arguments: "{\"p\":1}", result: Notes, callId: "c1")
            .Tool("read", 1, 2, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("c1", Notes), ("c2", Orders)))
            .Model(6, 1, input: RunBuilder.Tells(("c2", Orders)));
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void A_history_that_is_cleared_later_lost_nothing()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, arguments: "{\"p\":1}", result: Notes, callId: "c1")
            .Model(3, 1, input: RunBuilder.Tells(("c1", Notes)))
            .Tool("read", 4, 1, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(6, 1, input: RunBuilder.Tells(("c1", ""), ("c2", Orders)));
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void A_sibling_that_is_left_out_with_its_call_is_lost()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, arguments: "{\"p\":1}", result: Notes, callId: "c1")
            .Tool("read", 1, 2, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("c2", Orders)));
        Assert.That(Rules(run), Is.EqualTo("lost-result"));
    }

    [Test]
    public void Siblings_that_are_told_one_after_the_other_lost_nothing()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, arguments: "{\"p\":1}", result: Notes, callId: "c1")
            .Tool("read", 1, 2, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("c2", Orders)))
            .Model(6, 1, input: RunBuilder.Tells(("c1", Notes), ("c2", Orders)));
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void A_turn_that_was_summed_up_lost_nothing()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, arguments: "{\"p\":1}", result: Notes, callId: "c1")
            .Tool("read", 1, 2, arguments: "{\"p\":2}", result: Orders, callId: "c2")
            .Model(4, 1, input: RunBuilder.Tells(("of an earlier turn", "something")));
        Assert.That(Rules(run), Is.Empty);
    }

    [TestCase("""[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1"}]}]""", TestName = "Contents that were not recorded")]
    [TestCase(
        """[{"role":"user","parts":[{"type":"text"}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":""}]}]""",
        TestName = "Contents that were blanked"
    )]
    [TestCase(
        """[{"role":"user","parts":[{"type":"text","content":"do it"}]},{"role":"tool","parts":[{"type":"tool_call_response","response":""}]}]""",
        TestName = "Ids that were not recorded"
    )]
    [TestCase(
        """[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"[redacted]"}]}]""",
        TestName = "Contents that were redacted"
    )]
    public void A_gap_of_the_recording_is_no_finding(string input)
    {
        var run = new RunBuilder().Model(0, 1).Tool("read", 1, 1, result: Notes, callId: "c1").Model(3, 1, input: input);
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void Ids_that_several_calls_share_name_none()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("read", 1, 1, arguments: "{\"p\":1}", result: Notes, callId: "call_0")
            .Model(3, 1, input: RunBuilder.Tells(("call_0", Notes)))
            .Tool("list", 4, 1, arguments: "{\"p\":2}", result: Orders, callId: "call_0")
            .Model(6, 1, input: RunBuilder.Tells(("call_0", Notes), ("call_0", Orders)));
        Assert.That(Rules(run), Is.Empty);
    }

    private static string Rules(RunBuilder run) =>
        string.Join(", ", run.Inspect().Findings.Select(f => f.Rule.Name).Where(r => r is "lost-result" or "altered-result"));
}
