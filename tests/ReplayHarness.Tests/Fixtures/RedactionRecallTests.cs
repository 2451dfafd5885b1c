using ReplayHarness.Fixtures.Redacting;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>How much is found of each class of values, and how little of what is only like them.</summary>
public sealed class RedactionRecallTests
{
    private const int Each = 3;

    [TestCase("tokens", 0.95)]
    [TestCase("labelled", 0.95)]
    [TestCase("personal", 0.90)]
    public void Most_is_found(string kind, double least)
    {
        RedactionSample[] all = [.. RedactionSamples.Of(Lines(kind), Each)];
        Assert.That(all.Select(s => s.Secrets.Count), Has.None.Zero, "every line has a value");
        string[] missed =
        [
            .. from sample in all
            let redacted = new Redactor().Redact(sample.Text)
            where sample.Secrets.Any(s => redacted.Contains(s, StringComparison.Ordinal))
            select $"{sample.Name}: {sample.Text} became {redacted}",
        ];
        Assert.That(
            1 - (missed.Length / (double)all.Length),
            Is.GreaterThanOrEqualTo(least),
            $"of {all.Length} {kind} missed:\n{string.Join('\n', missed)}"
        );
    }

    [Test]
    public void Little_is_changed_that_is_none()
    {
        string[] all = [.. RedactionSamples.Of(RedactionKinds.Innocent, Each, named: false).Select(s => s.Text)];
        string[] changed =
        [
            .. from text in all let redacted = new Redactor().Redact(text) where redacted != text select $"{text} became {redacted}",
        ];
        Assert.That(
            changed.Length / (double)all.Length,
            Is.LessThanOrEqualTo(0.01),
            $"of {all.Length} changed:\n{string.Join('\n', changed)}"
        );
    }

    [TestCase("tokens")]
    [TestCase("labelled")]
    [TestCase("personal")]
    public void What_was_redacted_is_found_again_by_nobody(string kind)
    {
        foreach (var sample in RedactionSamples.Of(Lines(kind), 1))
        {
            var redactor = new Redactor();
            var redacted = redactor.Redact(sample.Text);
            Assert.That(redactor.Redact(redacted), Is.EqualTo(redacted), sample.Name);
            var invented = redactor.Redactions.SelectMany(r => r.Replacements ?? []).ToHashSet();
            Assert.That(new Redactor(null, invented, null).Redact(redacted), Is.EqualTo(redacted), $"{sample.Name}, by scan");
        }
    }

    private static string Lines(string kind) =>
        kind switch
        {
            "tokens" => RedactionKinds.Tokens,
            "labelled" => RedactionKinds.Labelled,
            _ => RedactionKinds.Personal,
        };
}
