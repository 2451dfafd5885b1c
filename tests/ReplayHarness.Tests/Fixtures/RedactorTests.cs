using Bogus;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>Secrets and addresses never enter a fixture; what replaces them keeps its form, and equal values stay equal.</summary>
public sealed class RedactorTests
{
    [TestCase("api-key", "key sk" + "-abcdefghijklmnop1234", "^key sk-[a-z]{16}[0-9]{4}$", "abcdefghijkl")]
    [TestCase("api-key", "AKIAIOSFODNN7EXAMPLE", "^AKIA[A-Z0-9]{16}$", "IOSFODNN7")]
    [TestCase("api-key", "ghp_abcdefghijklmnopqrst", "^ghp_[a-z0-9]{20}$", "abcdefghij")]
    [TestCase("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz", @"^eyJ\S+\.\S+\.\S+$", "eyJhbGciOiJ")]
    [TestCase("authorization", "Authorization: Bearer abcdef123456xyz", "^Authorization: Bearer [a-z]{6}[0-9]{6}[a-z]{3}$", "abcdef123456")]
    [TestCase("password", "Host=db;Password=hunter2;Port=5432", "^Host=db;Password=[a-z]{6}[0-9];Port=5432$", "hunter2")]
    [TestCase(
        "password",
        "failed for {\"user\":\"x\",\"password\":\"correct horse battery\"}, twice",
        "^failed for [{]\"user\":\"x\",\"password\":\"[a-z]{7} [a-z]{5} [a-z]{7}\"}, twice$",
        "horse"
    )]
    [TestCase(
        "password",
        "sent \"{\\\"passphrase\\\": \\\"correct horse\\\", \\\"n\\\": 1}\"",
        "^sent \"[{].\"passphrase.\": .\"[a-z]{7} [a-z]{5}.\", .\"n.\": 1}\"$",
        "horse"
    )]
    [TestCase("email", "write to jane.doe@corp.com today", @"^write to \S+@example\.\S+ today$", "jane.doe")]
    [TestCase(
        "private-key",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----",
        "^-----BEGIN PRIVATE KEY-----\nREDACTED\n",
        "MIIEabc"
    )]
    public void Replaces_and_keeps_the_form(string kind, string text, string form, string secret)
    {
        var redactor = new Redactor();
        var redacted = redactor.Redact(text);
        Assert.That(redacted, Does.Match(form).And.Not.Contains(secret));
        Assert.That(redactor.Redactions.Select(r => (r.Kind, r.Occurrences, r.Values)), Is.EqualTo(new[] { (kind, 1, 1) }));
        Assert.That(redactor.Redact(redacted), Is.EqualTo(redacted), "what was invented is not redacted again");
    }

    [Test]
    public void An_attribute_that_is_named_a_password_is_one_whatever_its_form()
    {
        var span = new Span(RunBuilder.TraceId, "0000000000000001", null, "x", 0, 1)
        {
            Attributes = new(KeyValuePair.Create<string, object?>("db.password", "correct horse battery")),
        };
        Assert.That(
            new Redactor().Redact(new Trace(RunBuilder.TraceId, [span])).Spans[0].Attributes.Text("db.password"),
            Does.Not.Contain("horse").And.Length.EqualTo(21)
        );
    }

    [TestCase("a task id 019e6b46-66ea-75c2-846b-f02acf19b321 and a file gland-datasheet-v3.md")]
    [TestCase("the ratio is 3@4, sk-short, password reset")]
    public void Leaves_the_rest_alone(string text) => Assert.That(new Redactor().Redact(text), Is.EqualTo(text));

    [Test]
    public void Equal_values_stay_equal_and_others_stay_apart_in_every_place_a_string_can_stand()
    {
        var faker = new Faker { Random = new Randomizer(7) };
        string[] addresses = [.. Enumerable.Range(0, 50).Select(i => $"user{i}.{faker.Internet.UserName()}@corp{i}.com")];
        var redactor = new Redactor();
        var replaced = addresses.Select(a => SpanWith(redactor, a)).ToArray();
        Assert.That(replaced.Select(r => r.Attribute).Distinct().Count(), Is.EqualTo(addresses.Length));
        Assert.That(
            replaced.Select(r => (r.Name, r.Event, r.Nested)),
            Is.EqualTo(replaced.Select(r => (r.Attribute, r.Attribute, r.Attribute)))
        );
    }

    private static (string Name, string Attribute, string Event, string Nested) SpanWith(Redactor redactor, string address)
    {
        var nested = new Dictionary<string, object?> { ["to"] = new object?[] { address } };
        var span = new Span(RunBuilder.TraceId, "0000000000000001", null, address, 0, 1)
        {
            Attributes = new(KeyValuePair.Create<string, object?>("to", address), KeyValuePair.Create<string, object?>("nested", nested)),
            Events = [new("exception", 0, new(KeyValuePair.Create<string, object?>("exception.message", address)))],
        };
        var clean = redactor.Redact(new Trace(RunBuilder.TraceId, [span])).Spans[0];
        var list = (IReadOnlyList<object?>)((IReadOnlyDictionary<string, object?>)clean.Attributes["nested"]!)["to"]!;
        return (clean.Name, clean.Attributes.Text("to")!, clean.Events[0].Attributes.Text("exception.message")!, (string)list[0]!);
    }
}
