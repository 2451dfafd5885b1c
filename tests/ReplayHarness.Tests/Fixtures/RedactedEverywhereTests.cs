using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>What was found once, by whatever told of it, is gone everywhere.</summary>
public sealed class RedactedEverywhereTests
{
    private const string Secret = "Rw7qKz40pXn2";

    [Test]
    public void A_value_that_one_label_tells_of_is_gone_from_all_spans()
    {
        var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Secret));
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes($"it is {Secret}, yes"));
        var clean = Redacted(
            Span(1, ("gen_ai.input.messages", $"log in with {Secret} now")),
            Span(2, ("gen_ai.tool.call.result", $$"""{"password":"{{Secret}}"}""")),
            Span(3, ("hex", hex), ("base64", base64), ($"x {Secret}", 1L), ("bytes", Encoding.UTF8.GetBytes($"a {Secret} b"))) with
            {
                StatusMessage = $"refused {Secret}",
                Scope = $"scope {Secret}",
                ScopeVersion = Secret,
            }
        );
        var text = Written(clean);
        Assert.That(text, Does.Not.Contain(Secret).And.Not.Contains(hex).And.Not.Contains(base64));
        var one = clean.Spans[0].Attributes.Text("gen_ai.input.messages")!["log in with ".Length..^" now".Length];
        Assert.That(clean.Spans[1].Attributes.Text("gen_ai.tool.call.result"), Is.EqualTo($$"""{"password":"{{one}}"}"""));
        Assert.That(one, Does.Match("^[A-Z][a-z][0-9][a-z][A-Z][a-z][0-9]{2}[a-z][A-Z][a-z][0-9]$"), "it has the same form");
        Assert.That((byte[])clean.Spans[2].Attributes["bytes"]!, Is.EqualTo(Encoding.UTF8.GetBytes($"a {one} b")));
    }

    [Test]
    public void Whole_numbers_are_redacted_by_their_names_and_checks()
    {
        var clean = Redacted(Span(1, ("card", 4111111111111111L), ("user.pin", 957514L), ("rows", 957512L), ("weight", 4.5)));
        var attributes = clean.Spans[0].Attributes;
        Assert.That(attributes["card"], Is.Not.EqualTo(4111111111111111L).And.InRange(4_000_000_000_000_000L, 5_000_000_000_000_000L));
        Assert.That(attributes["user.pin"], Is.Not.EqualTo(957514L).And.InRange(100_000L, 999_999L));
        Assert.That((attributes["rows"], attributes["weight"]), Is.EqualTo((957512L, 4.5)));
    }

    [Test]
    public void A_value_in_the_pieces_of_a_stream_is_redacted()
    {
        var pieces = new[] { "use sk-proj-Ab3dEf", "6hIj9kLm2nO", "p5qRs8 now" };
        var span = Span(1) with
        {
            Events = [.. pieces.Select((p, i) => new SpanEvent("chunk", i, new(KeyValuePair.Create<string, object?>("delta", p))))],
        };
        var clean = Redacted(span).Spans[0].Events.Select(e => e.Attributes.Text("delta")!).ToArray();
        Assert.That(string.Concat(clean), Does.Match("^use sk-[a-zA-Z0-9-]{27,} now$").And.Not.Contains("Ab3dEf6hIj9"));
        Assert.That(clean.Select(c => c.Length), Is.EqualTo(pieces.Select(p => p.Length)));
    }

    [Test]
    public void A_short_value_stands_for_itself_only()
    {
        var redactor = new Redactor();
        Assert.That(
            redactor.Redact("""{"password":"test"} the test of tests; {"pin":"2024"} in 2024"""),
            Does.EndWith(" in 2024").And.Contain(" the test of tests")
        );
    }

    private static Trace Redacted(params Span[] spans) => new Redactor().Redact(new Trace(RunBuilder.TraceId, spans));

    private static Span Span(int number, params (string Key, object? Value)[] attributes) =>
        new(RunBuilder.TraceId, $"000000000000000{number}", null, "x", number, number + 1)
        {
            Attributes = new([.. attributes.Select(a => KeyValuePair.Create(a.Key, a.Value))]),
        };

    private static string Written(Trace trace)
    {
        using var text = new MemoryStream();
        OtlpJson.Write(text, [trace]);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
