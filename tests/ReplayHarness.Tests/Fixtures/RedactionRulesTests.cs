using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>The rules of redaction are data: the product's own, and those of a team.</summary>
public sealed partial class RedactionRulesTests
{
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(8);

    [TestCase("order AX-20419-Q for you", """{"kind":"ticket","prefixes":["AX-"],"shape":"[0-9]{5}-[A-Z]"}""", "20419")]
    [TestCase("Mandant: 4711-08", """{"kind":"client-number","labels":["mandant"],"shape":"[0-9]{4}-[0-9]{2}"}""", "4711")]
    [TestCase("the case ZZ77.12.", """{"kind":"case","shape":"ZZ[0-9]{2}\\.[0-9]{2}"}""", "77.12")]
    public void Rules_of_a_team(string text, string rule, string secret)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "rules.json");
        File.WriteAllText(file, $$"""{"rules":[{{rule}}]}""");
        var redacted = new Redactor(RedactionOptions.Usual.WithRules(file)).Redact(text);
        Assert.That(redacted, Does.Not.Contain(secret).And.Length.EqualTo(text.Length));
        Assert.That(new Redactor().Redact(text), Is.EqualTo(text), "without the rule it stays");
    }

    [TestCase("{", ":1: is not JSON")]
    [TestCase("[]", "expected { \"rules\": [ … ] }")]
    [TestCase("""{"rules":[{"shape":"a"}]}""", "rules[0].kind: is missing")]
    [TestCase("""{"rules":[{"kind":"A b","shape":"a"}]}""", "rules[0].kind: A b: expected small letters")]
    [TestCase("""{"rules":[{"kind":"a"}]}""", "rules[0].shape: is missing")]
    [TestCase("""{"rules":[{"kind":"a","shape":"[a"}]}""", "rules[0].shape: [a: it ends within [ ]")]
    [TestCase("""{"rules":[{"kind":"a","shape":"a{9,2}"}]}""", "rules[0].shape: a{9,2}: {9,2} is never true")]
    [TestCase("""{"rules":[{"kind":"a","shape":"a*"}]}""", "rules[0].shape: may be empty")]
    [TestCase("""{"rules":[{"kind":"a","shape":"a","check":"x"}]}""", "rules[0].check: x: expected one of mixed,")]
    [TestCase("""{"rules":[{"kind":"a","labels":["x"],"value":"y"}]}""", "rules[0].value: y: expected one of password,")]
    [TestCase("""{"rules":[{"kind":"a","shape":"a","prefix":"x"}]}""", "rules[0].prefix: is not known")]
    public void A_wrong_rule_is_told_with_its_place(string text, string message)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "rules.json");
        File.WriteAllText(file, text);
        Assert.That(
            () => RedactionOptions.Usual.WithRules(file),
            Throws.TypeOf<BadInputException>().With.Message.StartsWith(file).And.Message.Contains(message)
        );
    }

    [Test]
    public void Names_of_a_file_are_replaced_where_they_stand_as_words()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "names.txt");
        File.WriteAllText(file, "# people\nMargarete Oberhuber\nAda\n");
        Assert.That(
            new Redactor(RedactionOptions.Usual.WithNames(file)).Redact("call Margarete Oberhuber, Ada and Adalbert"),
            Does.Match("^call [A-Z][a-z]+ [A-Z][a-zA-Z]+, (Ada|[A-Z][a-z]+) and Adalbert$").And.Not.Contains("Oberhuber")
        );
        File.WriteAllText(file, "x\n");
        Assert.That(
            () => RedactionOptions.Usual.WithNames(file),
            Throws.TypeOf<BadInputException>().With.Message.EqualTo($"{file}:1: expected a name of 2 to 200 characters")
        );
    }

    [Test]
    public void Every_expression_ends()
    {
        var wrong =
            from file in Repo.Sources("src/")
            where
                file.Path.Contains("/Redacting/", StringComparison.Ordinal)
                || file.Path.EndsWith("/Redactions.cs", StringComparison.Ordinal)
            from line in file.Lines
            where
                Expression().IsMatch(line)
                && !line.Contains("NonBacktracking", StringComparison.Ordinal)
                && !line.Contains("s_patience", StringComparison.Ordinal)
            select $"{file.Path}: {line.Trim()}";
        Assert.That(wrong, Is.Empty);
    }

    [TestCaseSource(nameof(Hostile))]
    public void A_megabyte_of_anything_takes_a_moment(string text)
    {
        new Redactor().Redact("a@corp.com");
        var watch = Stopwatch.StartNew();
        new Redactor().Redact(text);
        // It takes half a second; the rest is for a machine that is busy.
        Assert.That(watch.Elapsed, Is.LessThan(s_most));
    }

    private static IEnumerable<TestCaseData> Hostile()
    {
        const int Long = 1 << 20;
        var random = new Bogus.Randomizer(7);
        TestCaseData Of(string name, string text) => new TestCaseData(text).SetArgDisplayNames(name);
        string Again(string part) => new StringBuilder().Insert(0, part, Long / part.Length).ToString();
        yield return Of(
            "base64url and %",
            random.String2(Long, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") + " %41"
        );
        yield return Of("digits", random.String2(Long, "0123456789"));
        yield return Of("quotes", random.String2(Long, "\"\\"));
        yield return Of("labels", Again("password:"));
        yield return Of("labels with digits", Again("secret:1"));
        yield return Of("prefixes", Again("-ey"));
        yield return Of(
            "any characters",
            random.String2(Long, string.Concat(Enumerable.Range(32, 60_000).Select(c => (char)c).Where(c => !char.IsSurrogate(c))))
        );
    }

    [GeneratedRegex(@"GeneratedRegex|new Regex\(|Regex\.(Match|IsMatch|Replace|Split)\(|return new\(text, RegexOptions")]
    private static partial Regex Expression();
}
