using System.Text;
using System.Text.Json;
using Bogus;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>
/// How much is found of what is planted, in many forms and places, and how little of real traces is taken for what it is not.
/// </summary>
public sealed class RedactionCorpusTests
{
    private sealed record Planted(string Kind, string Place, string Secret, Func<Redactor, string> Redacted);

    [Test]
    public void What_is_planted_is_found()
    {
        var corpus = Corpus(new Faker { Random = new Randomizer(20261121) }).ToArray();
        var missed = corpus.Where(p => Holds(p.Redacted(new Redactor()), p.Secret)).Select(p => $"{p.Kind} in {p.Place}").ToArray();
        Assert.That(
            (corpus.Length, corpus.Select(p => p.Kind).Distinct().Count() + corpus.Select(p => p.Place).Distinct().Count()),
            Is.GreaterThanOrEqualTo((500, 40)).Using<(int, int)>((a, b) => a.Item1 >= b.Item1 && a.Item2 >= b.Item2 ? 1 : -1)
        );
        Assert.That(missed.Length, Is.Zero, $"{corpus.Length} planted; missed: {string.Join(", ", missed)}");
    }

    [Test]
    public void Little_of_real_traces_is_taken_for_what_it_is_not()
    {
        var (values, replaced) = (0, new List<string>());
        foreach (var trace in Data.AllTraces())
        {
            var redactor = new Redactor();
            var clean = redactor.Redact(trace);
            foreach (var (before, after) in trace.Spans.Zip(clean.Spans).SelectMany(p => p.First.Attributes.Zip(p.Second.Attributes)))
            {
                values++;
                if (Json.Write(before.Value) != Json.Write(after.Value))
                    replaced.Add($"{trace.TraceId} {before.Key}: {string.Join(", ", redactor.Redactions.Select(r => r.Kind))}");
            }
        }
        Assert.That(values, Is.GreaterThan(1_000));
        Assert.That(replaced.Count, Is.Zero, $"{values} values; replaced: {string.Join("\n", replaced.Take(50))}");
    }

    private static IEnumerable<Planted> Corpus(Faker faker)
    {
        foreach (var (kind, secret) in SelfEvident(faker))
        foreach (var (place, text) in Places(secret))
            yield return new(kind, place, secret, redactor => redactor.Redact(text));
        foreach (var (kind, secret, text) in Labelled(faker))
        foreach (var (place, within) in Around(text))
            yield return new(kind, place, secret, redactor => redactor.Redact(within));
        foreach (var (kind, secret) in SelfEvident(faker))
        foreach (var (place, span) in Spans(secret))
            yield return new(kind, place, secret, redactor => Written(redactor.Redact(new Trace(RunBuilder.TraceId, [span]))));
    }

    private static IEnumerable<(string Kind, string Secret)> SelfEvident(Faker faker)
    {
        string Of(string prefix, int length, string alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") =>
            prefix + faker.Random.String2(length, alphabet);
        const string Hex = "0123456789abcdef",
            Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            Digits = "0123456789";
        yield return ("email", faker.Internet.Email(provider: "corp-mail.com"));
        yield return ("email with a tag", $"{faker.Internet.UserName()}+orders@mail.corp.co.uk");
        yield return ("phone, international", $"+49 170 {Of("", 7, Digits)}");
        yield return ("phone, bracketed", $"(415) 555-{Of("", 4, Digits)}");
        yield return ("phone, dashed", $"415-555-{Of("", 4, Digits)}");
        yield return ("IPv4", $"84.{faker.Random.Number(30, 250)}.17.{faker.Random.Number(21, 250)}");
        yield return ("IPv6", $"2a02:8108:{Of("", 4, "123456789abcdef")}:7c00:1d4e:9b1f:2a3b:{Of("", 4, "123456789abcdef")}");
        yield return ("card", faker.Finance.CreditCardNumber(Bogus.DataSets.CardType.Visa).Replace("-", " ", StringComparison.Ordinal));
        yield return ("card, dashed", faker.Finance.CreditCardNumber(Bogus.DataSets.CardType.Mastercard));
        yield return ("IBAN", faker.Finance.Iban(countryCode: "DE"));
        yield return ("JWT", $"eyJ{Of("", 20)}.eyJ{Of("", 40)}.{Of("", 43)}");
        yield return ("OpenAI key", Of("sk-proj-", 40));
        yield return ("Anthropic key", Of("sk-ant-api03-", 40));
        yield return ("GitHub token", Of("ghp_", 36));
        yield return ("GitLab token", Of("glpat-", 20));
        yield return ("AWS key", Of("AKIA", 16, Upper));
        yield return ("Google key", Of("AIza", 35));
        yield return ("Slack token", $"xoxb-{Of("", 12, Digits)}-{Of("", 24)}");
        yield return ("Stripe key", Of("sk_live_", 24));
        yield return ("Hugging Face token", Of("hf_", 34));
        yield return ("npm token", Of("npm_", 36));
        yield return ("Shopify token", Of("shpat_", 32, Hex));
        yield return ("Telegram token", $"{Of("", 9, "123456789")}:AA{Of("", 33)}");
    }

    private static IEnumerable<(string Kind, string Secret, string Text)> Labelled(Faker faker)
    {
        (string, string, string) With(string kind, string secret, string text) =>
            (kind, secret, text.Replace("SECRET", secret, StringComparison.Ordinal));
        string Any(int length) => faker.Random.String2(length - 2) + "7Q";
        yield return With("password, connection string", Any(10), "Host=db.corp;Username=app;Password=SECRET;Port=5432");
        yield return With("password in a URL", Any(12), "postgres://app:SECRET@db.corp:5432/orders");
        yield return With("bearer header", Any(24), "Authorization: Bearer SECRET");
        yield return With("basic header", Convert.ToBase64String(Encoding.UTF8.GetBytes($"app:{Any(10)}")), "Authorization: Basic SECRET");
        yield return With("x-api-key header", Any(20), "x-api-key: SECRET");
        yield return With("cookie", Any(26), "Cookie: session=SECRET; theme=dark");
        yield return With("member api_key", Any(18), """{"api_key": "SECRET", "q": 1}""");
        yield return With("member client_secret", Any(30), """{"client_secret":"SECRET"}""");
        yield return With("member access_token", Any(30), """{"access_token":"SECRET","expires_in":3600}""");
        yield return With("member password", Any(9), """{"user":"app","password":"SECRET"}""");
        yield return With("environment variable", Any(22), "export SERVICE_API_KEY=SECRET");
        yield return With(
            "storage key",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Any(40))),
            "AccountName=x;AccountKey=SECRET;EndpointSuffix=core.windows.net"
        );
        yield return With("query parameter", Any(20), "https://api.corp/v1/x?api_key=SECRET&limit=5");
        yield return With(
            "Slack webhook",
            $"T{Any(9).ToUpperInvariant()}/B{Any(9).ToUpperInvariant()}/{Any(24)}",
            "https://hooks.slack.com/services/SECRET"
        );
        yield return With("customer's name", "Margarete Oberhuber", """{"customer_name": "SECRET", "orders": 3}""");
        yield return With("first name", "Margarete", """{"first_name":"SECRET"}""");
        yield return With("private key", Any(40), "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----");
        yield return With("user's folder", "margarete.o", "/home/SECRET/project/agent.py");
    }

    private static IEnumerable<(string Place, string Text)> Places(string secret)
    {
        var json = JsonSerializer.Serialize(new { note = $"see {secret} there" });
        yield return ("sentence", $"Please write to {secret} today.");
        yield return ("JSON", json);
        yield return ("JSON in JSON", JsonSerializer.Serialize(new { arguments = json }));
        yield return ("JSON in JSON in JSON", JsonSerializer.Serialize(new { body = JsonSerializer.Serialize(new { arguments = json }) }));
        yield return ("list", $"a, {secret}, b");
        yield return ("XML", $"<to>{secret}</to>");
        yield return ("quoted", $"'{secret}'");
        yield return ("base64", Convert.ToBase64String(Encoding.UTF8.GetBytes($"contact: {secret} (urgent)")));
        yield return (
            "base64url",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"contact: {secret} (urgent)")).Replace('+', '-').Replace('/', '_').TrimEnd('=')
        );
        yield return ("percent-encoded", $"https://corp.example/find?q={Uri.EscapeDataString(secret)}&page=2");
        yield return ("exception text", $"ValueError: cannot reach {secret}\n   at Agent.Run()");
        yield return ("Markdown", $"| contact | {secret} |");
    }

    private static IEnumerable<(string Place, string Text)> Around(string text)
    {
        yield return ("plain", text);
        yield return ("in a sentence", $"it said: {text}");
        yield return ("in JSON", JsonSerializer.Serialize(new { note = text }));
        yield return ("in JSON in JSON", JsonSerializer.Serialize(new { arguments = JsonSerializer.Serialize(new { note = text }) }));
        yield return ("in base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
        yield return ("in a trace back", $"Traceback\n  File \"x\"\n{text}\nend");
    }

    private static IEnumerable<(string Place, Span Span)> Spans(string secret)
    {
        var span = new Span(RunBuilder.TraceId, "0000000000000001", null, "x", 0, 1);
        yield return ("span name", span with { Name = $"GET {secret}" });
        yield return ("status message", span with { StatusMessage = $"no {secret}" });
        yield return (
            "nested attribute",
            span with
            {
                Attributes = new(
                    KeyValuePair.Create<string, object?>("a", new Dictionary<string, object?> { ["to"] = new object?[] { secret } })
                ),
            }
        );
        yield return (
            "event attribute",
            span with
            {
                Events = [new("exception", 0, new(KeyValuePair.Create<string, object?>("exception.message", secret)))],
            }
        );
        yield return ("resource", span with { Resource = new(KeyValuePair.Create<string, object?>("host.owner", secret)) });
        yield return ("link", span with { Links = [new("t", "s", new(KeyValuePair.Create<string, object?>("to", secret)))] });
    }

    private static string Written(Trace trace)
    {
        using var text = new MemoryStream();
        OtlpJson.Write(text, [trace]);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    // As it is, as JSON or a URL writes it, or in base64 of any offset.
    private static bool Holds(string text, string secret) =>
        text.Contains(secret, StringComparison.Ordinal)
        || text.Contains(Uri.EscapeDataString(secret), StringComparison.Ordinal)
        || text.Split('"', ' ', '\n', '\\').Any(word => Decoded(word)?.Contains(secret, StringComparison.Ordinal) == true);

    private static string? Decoded(string word)
    {
        try
        {
            var padded = word.Replace('-', '+').Replace('_', '/').TrimEnd('=');
            return Encoding.UTF8.GetString(Convert.FromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '=')));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
