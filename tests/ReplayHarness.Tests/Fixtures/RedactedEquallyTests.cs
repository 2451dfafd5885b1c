using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>One value has one invention, in whatever spelling; and no invention is a value that somebody has.</summary>
public sealed class RedactedEquallyTests
{
    private const int Hundreds = 1000;

    [TestCase(3, 1000)]
    [TestCase(3, 700)]
    [TestCase(4, 5000)]
    public void No_number_becomes_one_that_somebody_has(int digits, int count)
    {
        string[] all = [.. Enumerable.Range(0, count).Select(i => i.ToString($"D{digits}", CultureInfo.InvariantCulture))];
        Apart(all, v => $"{{\"pin\":\"{v}\"}}", line => line.Split('"')[3]);
    }

    [Test]
    public void No_date_becomes_one_that_somebody_has()
    {
        var first = new DateOnly(1940, 1, 1);
        string[] all =
        [
            .. Enumerable.Range(0, 3 * Hundreds).Select(i => first.AddDays(i * 7).ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)),
        ];
        Apart(all, v => $"geboren am {v}", line => line.Split(' ')[2]);
    }

    [Test]
    public void Numbers_of_which_all_are_taken_stay_numbers()
    {
        var trace = new Trace(RunBuilder.TraceId, [.. Enumerable.Range(100, 900).Select(i => Span(i, ("cvv", (long)i)))]);
        object?[] clean = [.. new Redactor().Redact(trace).Spans.Select(s => s.Attributes["cvv"])];
        Assert.That(clean, Is.All.InstanceOf<long>());
        Assert.That(clean, Is.Unique);
        Assert.That(clean.Cast<long>().Where(n => n is >= 100 and <= 999), Is.Empty, "all of three digits are somebody's");
    }

    [Test]
    public void A_value_that_was_learned_later_is_not_taken_for_what_was_invented_before()
    {
        var redactor = new Redactor();
        var first = redactor.Redact("""{"cvv":"000"}""");
        Assert.That(redactor.Redact(first), Is.EqualTo(first));
        // Another text holds it, in another place: it is somebody's.
        var number = first.Split('"')[3];
        Assert.That(redactor.Redact($$"""{"user":1,"cvv":"{{number}}"}"""), Does.Not.Contain(number));
    }

    [TestCase("mail to jane.doe@corp-mail.com", "JANE.DOE@CORP-MAIL.COM", "up")]
    [TestCase("mail to jane.doe@corp-mail.com", "jane.doe (at) corp-mail.com", "sign")]
    [TestCase("call +49 170 1234567", "+49-170-1234567", "digits")]
    [TestCase("call +49 170 1234567", "+491701234567", "digits")]
    [TestCase("call +49 170 1234567", "491701234567", "digits")]
    [TestCase("call +1 415 555 6738", "(415) 555-6738", "own")]
    [TestCase("call +49 170 1234567", "0170 1234567", "own")]
    [TestCase("card 4111 1111 1111 1111", "4111111111111111", "digits")]
    [TestCase("card 4111 1111 1111 1111", "4111-1111-1111-1111", "digits")]
    [TestCase("IBAN DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "digits")]
    [TestCase("IBAN DE89 3704 0044 0532 0130 00", "de89370400440532013000", "digits")]
    [TestCase("ssn 536-90-4399", "536904399", "digits")]
    public void Another_spelling_becomes_the_same(string label, string other, string how)
    {
        var lines = new Redactor().Redact($"{label}\nsee {other} there").Split('\n');
        var (one, two) = (lines[0][(label.IndexOfAny([.. "jJ+4D5"]))..], lines[1]["see ".Length..^" there".Length]);
        Assert.That(lines[1], Does.Not.Contain(other));
        string Digits(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        Assert.That(
            how switch
            {
                "up" => two,
                "sign" => two.Replace(" (at) ", "@", StringComparison.Ordinal),
                "digits" => Digits(two),
                _ => Digits(two)[^9..],
            },
            Is.EqualTo(
                how switch
                {
                    "up" => one.ToUpperInvariant(),
                    "sign" => one,
                    "digits" => Digits(one),
                    _ => Digits(one)[^9..],
                }
            )
        );
        string Form(string text) => string.Concat(text.Select(c => char.IsDigit(c) ? '0' : c));
        if (how is "digits" or "own")
            Assert.That(
                string.Concat(Form(two).Select(c => char.IsLetter(c) ? 'x' : c)),
                Is.EqualTo(string.Concat(Form(other).Select(c => char.IsLetter(c) ? 'x' : c))),
                "it is written as it was"
            );
    }

    [TestCase("MARGARETE OBERHUBER", "{0} {1}", true)]
    [TestCase("margarete oberhuber", "{0} {1}", false)]
    [TestCase("Oberhuber, Margarete", "{1}, {0}", null)]
    [TestCase("Frau Oberhuber", "Frau {1}", null)]
    public void A_name_in_parts_and_capitals_becomes_the_same(string other, string form, bool? isUpper)
    {
        var lines = new Redactor().Redact($"customer_name: \"Margarete Oberhuber\"\nfrom {other}.").Split('\n');
        var name = lines[0].Split('"')[1].Split(' ');
        Assert.That(name, Has.Length.EqualTo(2).And.None.EqualTo("Margarete").And.None.EqualTo("Oberhuber"));
        var expected = string.Format(CultureInfo.InvariantCulture, form, name[0], name[1]);
        Assert.That(
            lines[1],
            Is.EqualTo($"from {(isUpper is null ? expected : isUpper.Value ? expected.ToUpperInvariant() : expected.ToLowerInvariant())}.")
        );
    }

    [TestCase("dd.MM.yyyy")]
    [TestCase("MM/dd/yyyy")]
    [TestCase("d MMMM yyyy")]
    [TestCase("MMMM d, yyyy")]
    [TestCase("yyyyMMdd")]
    [TestCase("dd.MM.yy")]
    public void A_date_in_another_form_becomes_the_same(string form)
    {
        var born = new DateOnly(1985, 5, 27);
        var text = $"{{\"date_of_birth\":\"1985-05-27\"}}\nborn {born.ToString(form, CultureInfo.InvariantCulture)}";
        var lines = new Redactor().Redact(text).Split('\n');
        var date = DateOnly.ParseExact(lines[0].Split('"')[3], "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.That(date, Is.Not.EqualTo(born));
        Assert.That(lines[1], Is.EqualTo($"born {date.ToString(form, CultureInfo.InvariantCulture)}"));
    }

    [Test]
    public void A_word_that_is_a_name_too_stays_where_it_is_a_word()
    {
        var redacted = new Redactor().Redact("""{"full_name":"Will Smith"} Will it rain? Ask Smith.""");
        Assert.That(redacted, Does.Contain(" Will it rain? Ask ").And.Not.Contains("Smith"));
    }

    [TestCase("iban", "IBAN DE89 3704 0044 0532 0130 00 or DE89370400440532013000")]
    [TestCase("iban", "pay 0170 1234567 DE89 3704 0044 0532 0130 00 now")]
    [TestCase("card-number", "tel 4111 1111 1111 1111 then")]
    public void What_is_kept_is_kept_whole(string kind, string text)
    {
        var redacted = new Redactor(RedactionOptions.Usual with { Kept = [kind] }).Redact(text);
        var at = text.IndexOfAny([.. "D4"], text.IndexOf("1234567", StringComparison.Ordinal) is var phone and >= 0 ? phone + 7 : 0);
        Assert.That(redacted, Does.EndWith(text[at..]));
    }

    [Test]
    public void What_reaches_into_what_is_kept_ends_before_it()
    {
        var options = RedactionOptions.Usual with { Kept = ["iban"], Patterns = [new("Konto DE89", RegexOptions.NonBacktracking)] };
        var redacted = new Redactor(options).Redact("Konto DE89 3704 0044 0532 0130 00");
        Assert.That(redacted, Does.EndWith(" DE89 3704 0044 0532 0130 00").And.Not.StartsWith("Konto"));
    }

    [Test]
    public void Cookies_of_attributes_are_redacted_each()
    {
        var clean = new Redactor()
            .Redact(
                new Trace(
                    RunBuilder.TraceId,
                    [
                        Span(
                            1,
                            ("http.request.header.cookie", new object?[] { "sid=kd93kd; theme=dark; b=zz81" }),
                            ("http.response.header.set-cookie", "sid=kd93kd; Path=/; HttpOnly; Expires=Wed, 09 Jun 2027 10:18:14 GMT"),
                            ("cookies", new Dictionary<string, object?> { ["sid"] = "kd93kd" }),
                            ("passwords", new object?[] { "kd81dm", "zz81kd" })
                        ),
                    ]
                )
            )
            .Spans[0]
            .Attributes;
        var sid = (string)((IReadOnlyDictionary<string, object?>)clean["cookies"]!)["sid"]!;
        Assert.That(sid, Is.Not.EqualTo("kd93kd").And.Length.EqualTo(6));
        Assert.That(
            clean["http.response.header.set-cookie"],
            Is.EqualTo($"sid={sid}; Path=/; HttpOnly; Expires=Wed, 09 Jun 2027 10:18:14 GMT")
        );
        var cookie = (string)((IReadOnlyList<object?>)clean["http.request.header.cookie"]!)[0]!;
        Assert.That(cookie, Does.StartWith($"sid={sid}; theme=dark; b=").And.Not.Contains("zz81"));
        Assert.That((IReadOnlyList<object?>)clean["passwords"]!, Has.None.EqualTo("kd81dm").And.None.EqualTo("zz81kd"));
    }

    [Test]
    public void Base64_behind_a_sign_is_looked_into()
    {
        var hidden = Convert.ToBase64String("jane.doe@corp-mail.com"u8);
        Assert.That(new Redactor().Redact($"x={hidden}&y=/p/{hidden}/q jane.doe@corp-mail.com"), Does.Not.Contain(hidden));
    }

    private static Span Span(int number, params (string Key, object? Value)[] attributes) =>
        new(RunBuilder.TraceId, number.ToString("D16", CultureInfo.InvariantCulture), null, "x", number, number + 1)
        {
            Attributes = new([.. attributes.Select(a => KeyValuePair.Create(a.Key, a.Value))]),
        };

    private static void Apart(string[] all, Func<string, string> written, Func<string, string> read)
    {
        string[] invented = [.. new Redactor().Redact(string.Join('\n', all.Select(written))).Split('\n').Select(read)];
        Assert.That(invented, Has.Length.EqualTo(all.Length));
        Assert.That(invented, Is.Unique);
        Assert.That(invented.Intersect(all), Is.Empty);
    }
}
