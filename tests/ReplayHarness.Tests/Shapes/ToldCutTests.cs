using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Shapes;

/// <summary>A result that was cut is told from one that was written otherwise.</summary>
public sealed class ToldCutTests
{
    private const string Paper = "The first of three papers, with as many words as papers have, and a few more.";
    private const string Notes = """{"title":"Notes","lines":["milk and bread","a long walk home"]}""";

    [TestCase(Paper, "The first of three papers, wi", true, TestName = "Cut in a word")]
    [TestCase(Paper, "The first of three papers", true, TestName = "Cut behind a word")]
    [TestCase(Paper, "The first of three papers, wi…", true, TestName = "Cut with an ellipsis")]
    [TestCase(Paper, "The first of three papers, wi...", true, TestName = "Cut with dots")]
    [TestCase(Paper, "The first of three papers, wi\n[truncated, 48 more characters]", true, TestName = "Cut with a mark")]
    [TestCase(Paper, "The first of three papers … a few more.", true, TestName = "Its beginning and its end")]
    [TestCase(Paper, "Result of read: The first of three papers, wi…", true, TestName = "Cut behind a heading")]
    [TestCase(Notes, """{"title":"Notes","lines":["milk and""", true, TestName = "JSON that is cut")]
    [TestCase(Notes, "{\"title\": \"Notes\",\n  \"lines\": [\n", true, TestName = "JSON that is cut, written otherwise")]
    [TestCase(Notes, "\"{\\\"title\\\":\\\"Notes\\\",\\\"lines", true, TestName = "JSON in a string of JSON that is cut")]
    [TestCase(Paper, """{"result":"The first of three papers, wi"}""", true, TestName = "Cut in a wrapper")]
    [TestCase(Paper, Paper, false, TestName = "The whole")]
    [TestCase(Paper, "Result of read: " + Paper, false, TestName = "The whole, with a heading")]
    [TestCase(Paper, "The second of three papers, with fewer words", false, TestName = "Another text")]
    [TestCase(
        Paper,
        "The first of three papers (which you know), with as many words as papers have, and a few more.",
        false,
        TestName = "The whole, with a remark in it"
    )]
    [TestCase(Paper, "Three papers.", false, TestName = "In other words")]
    [TestCase(Notes, """{"title":"Notes"}""", false, TestName = "Members that were picked")]
    [TestCase(Notes, """{"lines":["milk and bread","a long walk home"],"title":"Notes"}""", false, TestName = "Members in another order")]
    [TestCase(Notes, "# Notes\n- milk and bread\n- a long walk home", false, TestName = "Markdown")]
    [TestCase("17 orders", "17", false, TestName = "A number in a few words")]
    [TestCase(Paper, "", false, TestName = "Nothing")]
    [TestCase(null, "The first of three papers", false, TestName = "No result")]
    public void Is_cut(string? result, string told, bool expected) => Assert.That(ToldCut.IsCut(result, told), Is.EqualTo(expected));

    [TestCase("The first of three papers, wi…", true)]
    [TestCase(Paper, false)]
    public void What_the_agent_cut_when_it_was_captured_is_declared(string told, bool expected)
    {
        var trace = new RunBuilder { RootError = ("KeyError", "'x'") }
            .Model(0, 1, output: Authored.Asks("read", "c1"))
            .Tool("read", 1, 1, arguments: Authored.About("c1"), result: Paper, callId: "c1")
            .Model(3, 1, input: RunBuilder.Tells(("c1", told)))
            .Build();
        Assert.That(Capture.Create("cutting", "authored", [trace], [], []).Told?.Keys, expected ? Is.EqualTo(new[] { "read" }) : Is.Null);
    }
}
