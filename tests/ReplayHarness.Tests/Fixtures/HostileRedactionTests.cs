using System.Text;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures.Redacting;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>
/// Redaction ends on every text: values that have no other of their form, more values than a form has, and texts that are made to be looked
/// through again and again.
/// </summary>
public sealed class HostileRedactionTests
{
    private const int Long = 1 << 20;

    // A search that begins again at each character needs hours for this much, one that does not a few seconds on a busy machine.
    private static readonly TimeSpan s_hangGuard = TimeSpan.FromMinutes(2);

    [TestCase("password: пароль", "пароль")]
    [TestCase("password: 🔒🔒🔑🔑", "🔒")]
    [TestCase("password: äöü", "äöü")]
    [TestCase("{\"password\":\"!@#^~~+!\"}", "!@#")]
    [TestCase("password: a!@#+^", "!@#")]
    [TestCase("https://user:••#•@host/", "#")]
    public void A_value_without_an_ascii_letter_or_digit_is_replaced_by_letters(string text, string secret)
    {
        var redacted = Ends(text);
        Assert.That(redacted, Does.Not.Contain(secret).And.Length.EqualTo(text.Length));
        Assert.That(redacted, Does.Match("[a-z]{3}"));
    }

    [TestCase("{\"password\":\"••••••••\"}")]
    [TestCase("password: ???")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nREDACTED\n-----END PRIVATE KEY-----")]
    public void What_is_masked_already_stays(string text) => Assert.That(Ends(text), Is.EqualTo(text));

    // The line after the rule, which there is none of, was taken for the first one.
    [TestCase("a|b|\n-|name\n-")]
    [TestCase("| a | name |\n|---|---|\n| x | Anna Miller |\n\n| a | name |\n|---|---|")]
    public void A_table_that_ends_with_its_rule(string text) => Ends(text);

    [Test]
    public void More_values_than_a_form_has_stay_apart()
    {
        AllApart(Enumerable.Range(0, 1_500).Select(i => $"84.112.{i / 256}.{i % 256}"), @"\d+\.\d+\.\d+\.\d+");
        AllApart(Enumerable.Range(0, 6_000).Select(i => $"customer_name: \"Q{Letters(i)}\""), "\"[^\"]+\"");
        AllApart(Enumerable.Range(0, 600).Select(i => $"password=!!!{(char)(0x410 + (i % 32))}{(char)(0x4E00 + (i / 32))}"), "(?<==)\\S+");
        AllApart(Enumerable.Range(0, 200).Select(i => $"password=!{(char)(0x410 + (i % 32))}{(char)(0x4E00 + (i / 32))}"), "(?<==)\\S+");
        AllApart(Enumerable.Range(0, 40).Select(i => $"passwd=\"##{(char)(0x4E00 + i)}\""), "\"\\S+\"");
    }

    [TestCase("a", " %")]
    [TestCase("abcDEF123_-", " %41")]
    [TestCase("abcDEF123_-", "%4")]
    [TestCase("a", @"\u00")]
    [TestCase("%2541", "")]
    [TestCase(@"\u0041", "")]
    [TestCase(@"\", "home Users pass key name cookie phone 1")]
    [TestCase("-----BEGIN PRIVATE KEY-----", "")]
    [TestCase("-----BEGIN A", "PRIVATE KEY")]
    [TestCase("eyJ-", "")]
    [TestCase("eyJ-", ".eyJ")]
    [TestCase("eyJaaaaaaaaa.aaaa", "")]
    [TestCase("a.", "://")]
    [TestCase("a-", " @")]
    [TestCase("a@a", ".1")]
    [TestCase("user@corp.com ", "")]
    [TestCase("password=\\\\\\", "")]
    [TestCase("password=!", "")]
    [TestCase("password=\"•#", "\"")]
    [TestCase("secret", "")]
    [TestCase("1234 ", "")]
    [TestCase("1:2:", "")]
    [TestCase("4111 1111 1111 1111.-", "")]
    [TestCase("customer_name: \"Aa ", "")]
    [TestCase("password:[\"ab\",", "")]
    [TestCase("password:{\"a\":", "")]
    [TestCase("cookies:{\"a\":\"b7\",", "")]
    [TestCase("cookie: a=", "")]
    [TestCase("cookie:[\"a=b; ", "")]
    [TestCase("password: |\n ", "")]
    [TestCase("password=\"\"\"\n", "")]
    [TestCase("password,a\nb,c\n", "")]
    [TestCase("|a|password|\n|-|-|\n|x|yyy|\n", "")]
    [TestCase("password,pin,", "\n")]
    [TestCase("a=b/c=", "")]
    [TestCase("Basic YTpi ", "")]
    public void A_long_text_costs_what_its_length_costs(string part, string end) =>
        Assert.That(Ends(new StringBuilder().Insert(0, part, Long / part.Length).Append(end).ToString()), Is.Not.Empty);

    [Test]
    public void A_million_values_in_one_text_end()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 1_000_000; i++)
            text.Append("pin:").Append(1000 + (i % 9_000)).Append('\n');
        Assert.That(Ends(text.ToString()), Is.Not.Empty);
    }

    [TestCase("base64", "base64", "base64")]
    [TestCase("percent", "percent", "percent")]
    [TestCase("escapes", "base64", "percent")]
    [TestCase("base64", "percent", "escapes")]
    public void A_secret_three_encodings_deep_is_found(string first, string second, string third)
    {
        const string secret = "jane.doe@corp.com";
        var hidden = Encoded(third, Encoded(second, Encoded(first, secret)));
        var redactor = new Redactor();
        var redacted = redactor.Redact($"see {hidden} there");
        Assert.That(redacted, Does.Not.Contain(hidden));
        Assert.That(redactor.Redactions.Select(r => (r.Kind, r.Values)), Is.EqualTo(new[] { ("email", 1) }));
    }

    private static string Encoded(string how, string text) =>
        how switch
        {
            "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
            "percent" => string.Concat(text.Select(c => $"%{(int)c:X2}")),
            _ => string.Concat(text.Select(c => $@"\u{(int)c:x4}")),
        };

    private static string Letters(int number) =>
        string.Concat(Enumerable.Range(0, 4).Select(i => (char)('a' + (number / (int)Math.Pow(26, i) % 26))));

    private static void AllApart(IEnumerable<string> values, string form)
    {
        string[] all = [.. values];
        var found = Regex.Matches(Ends(string.Join('\n', all)), form).Select(m => m.Value).ToArray();
        Assert.That(found, Has.Length.EqualTo(all.Length));
        Assert.That(found, Is.Unique);
        Assert.That(found.Intersect(all.Select(v => Regex.Match(v, form).Value)), Is.Empty);
    }

    private static string Ends(string text)
    {
        var redacted = Task.Run(() => new Redactor().Redact(text));
        Assert.That(redacted.Wait(s_hangGuard), Is.True, "redaction goes on and on");
        return redacted.Result;
    }
}
