using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Shapes;

/// <summary>Which texts say that something went wrong, and which have to do with what a call gave.</summary>
public sealed class FailureWordsTests
{
    [TestCase("Fehler: Lager antwortet nicht")]
    [TestCase("The inventory service did not answer.")]
    [TestCase("""{"ok":false,"reason":"slow"}""")]
    [TestCase("""{"isError":true,"code":504}""")]
    [TestCase("""{"status":503}""")]
    [TestCase("stock unknown")]
    [TestCase("503")]
    [TestCase("在庫サービスが応答しません")]
    [TestCase("""{"status":"degraded"}""")]
    [TestCase("El servicio no está disponible")]
    [TestCase("ECONNRESET")]
    [TestCase("It said: the lamp glows")]
    public void Says_that_something_went_wrong(string text) => Assert.That(FailureWords.AreIn(text, new("T", "the lamp glows")), Is.True);

    [TestCase("12 in stock, no error")]
    [TestCase("12 pieces are there")]
    [TestCase("not sold out")]
    [TestCase("Order confirmed; without any timeout")]
    [TestCase("""{"success":true,"errors":[]}""")]
    [TestCase("""{"status":"12 in stock","error":null,"failed":0}""")]
    [TestCase("""{"status":200}""")]
    [TestCase("The payment was accepted.")]
    [TestCase("The refund was issued.")]
    [TestCase("The order was cancelled.")]
    [TestCase("It lies on the default shelf.")]
    [TestCase("No documents found.")]
    [TestCase("(no content)")]
    [TestCase("")]
    public void Does_not_say_so(string text) => Assert.That(FailureWords.AreIn(text, new("T", "the connection was closed")), Is.False);

    [Test]
    public void That_there_is_nothing_is_an_error_only_where_the_error_says_so() =>
        Assert.That(
            FailureWords.AreIn(
                "There is no order 4711.",
                new("System.Collections.Generic.KeyNotFoundException", "order 4711 was not found")
            ),
            Is.True
        );

    [TestCase("""{"boxes":12,"colour":"green","owner":"Ada"}""", true)]
    [TestCase("""{"boxes":12}""", true)]
    [TestCase("Ada has 12 boxes.", true)]
    [TestCase("The green ones.", true)]
    [TestCase("""{"boxes":12,"colour":"green","owner":"***"}""", true)]
    [TestCase("""{"boxes":21,"colour":"green","owner":"Ada"}""", false)]
    [TestCase("""{"colour":"red"}""", false)]
    [TestCase("Error: not available (12)", false)]
    [TestCase("Nothing is due.", false)]
    [TestCase("", true)]
    public void Has_to_do_with_the_result(string told, bool expected) =>
        Assert.That(ToldAgreement.Holds("""{"boxes":12,"colour":"green","owner":"Ada"}""", told), Is.EqualTo(expected));

    [TestCase("ok", "It is done.")]
    [TestCase("", "whatever")]
    [TestCase("error: 3 of 5 failed", "Error: some failed")]
    [TestCase("3.14159", "3.14")]
    public void May_be_told_so(string result, string told) => Assert.That(ToldAgreement.Holds(result, told), Is.True);

    [TestCase("Delta has forty items", "Result: Delta has forty items", "Gamma has ten items", true)]
    [TestCase("Delta has forty items", "DELTA HAS FORTY ITEMS", null, true)]
    [TestCase("Delta has forty items", "Delta has forty", "Gamma has ten items", true)]
    [TestCase("Delta has forty items", "Delta has forty items; Gamma has ten items", "Gamma has ten items", false)]
    [TestCase("Delta", "Result: Delta", "Gamma", false)]
    [TestCase("the same beginning, one", "the same beginning", "the same beginning, two", false)]
    public void Is_the_result_of_another_call(string other, string told, string? own, bool expected) =>
        Assert.That(ToldText.IsDisguised(other, told, own), Is.EqualTo(expected));
}
