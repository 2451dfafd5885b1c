using System.Globalization;
using Bogus;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Replays.Races;
using ReplayHarness.Reports.Page;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Reports.Page;

/// <summary>Pages of traces that are large, hostile, or of an agent that strayed.</summary>
public sealed class HardPagesTests
{
    private const string Hostile =
        "</script><script>window.owned=1</script><!--<script><img src=x onerror=window.owned=1>{{script}}\u2028'\"&amp;";

    private readonly TempFolder _folder = new();
    private Browser _browser = null!;

    [OneTimeSetUp]
    public async Task Open() => _browser = await Browser.StartAsync();

    [OneTimeTearDown]
    public async Task Close()
    {
        _folder.Dispose();
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    [Test]
    public async Task Nothing_of_a_trace_is_taken_for_markup()
    {
        var quoted = System.Text.Json.JsonSerializer.Serialize(Hostile);
        var run = new RunBuilder { RootName = Hostile, RootError = (Hostile, Hostile) }
            .Model(0, 1, input: RunBuilder.Says(Hostile), output: RunBuilder.Says(Hostile))
            .Tool(Hostile, 1, 2, arguments: $"{{{quoted}:{quoted}}}", result: Hostile)
            .Tool("read", 1, 60, (Hostile, Hostile), arguments: $"{{\"a\":{quoted}}}");
        var page = await _browser.OpenAsync(Write(Authored.Write(_folder, "hostile", run)));
        var spans = page.Locator(".row");
        for (var i = 0; i < await spans.CountAsync(); i++)
        {
            await spans.Nth(i).ClickAsync();
            foreach (var part in await page.Locator("#details details").AllAsync())
                await part.Locator("summary").ClickAsync();
        }
        Assert.That(await page.EvaluateAsync<bool>("'owned' in window"), Is.False);
        Assert.That(await page.Locator("img, #details script, main script").CountAsync(), Is.Zero);
        Assert.That(
            await page.Locator("#details").InnerTextAsync(),
            Does.Contain("</script><script>window.owned=1</script>").And.Contain("{{script}}")
        );
        Assert.That(await page.TitleAsync(), Is.EqualTo("hostile · replay report"));
        Assert.That(_browser.Asked, Is.Empty);
    }

    [Test]
    public async Task Nothing_of_a_source_is_taken_for_markup()
    {
        var report = await Replay.RunAsync<Shipped>(null, "captured", "healthy@http");
        var verdict = report.Hypotheses.Single();
        var span = verdict.Trace!.Spans.First(s => s.Name.Contains("read_drive", StringComparison.Ordinal)).SpanId;
        var access = new RaceAccess(Hostile, 1, "writes", Hostile, Hostile, Hostile)
        {
            Span = span,
            Seconds = 6,
            Source = Hostile,
        };
        var race = new JudgedRace(new(ReplayHarness.Replays.Races.RaceKind.DataRace, Hostile, access, access), RaceWeight.Untried)
        {
            IsInCapturedOrder = true,
        };
        var hostile = report with { Hypotheses = [verdict with { Races = [race] }] };
        var page = await _browser.OpenAsync(Write(Data.Fixture, new ReplayedAgent("agent", hostile)));
        await page.Keyboard.PressAsync("r");
        Assert.That(await page.EvaluateAsync<bool>("'owned' in window"), Is.False);
        Assert.That(await page.Locator("img, #details script, main script").CountAsync(), Is.Zero);
        Assert.That(await page.Locator("#details pre").First.InnerTextAsync(), Is.EqualTo(Hostile));
        Assert.That(await page.Locator(".races pre").AllInnerTextsAsync(), Is.EqualTo(new[] { Hostile, Hostile }));
    }

    [Test]
    public async Task Five_thousand_spans_are_rows_only_where_they_are_seen()
    {
        var page = await _browser.OpenAsync(Write(Authored.Write(_folder, "large", Large(5_000))));
        var panel = page.Locator(".panel").First;
        Assert.That(await panel.Locator(".note").InnerTextAsync(), Does.Contain("5001 spans"));
        Assert.That(await panel.Locator(".row").CountAsync(), Is.LessThan(80));
        await panel.Locator(".view").FocusAsync();
        await page.Keyboard.PressAsync("End");
        Assert.That(await panel.Locator(".row.chosen").InnerTextAsync(), Does.Contain("chat model"));
        Assert.That(await panel.Locator(".row").CountAsync(), Is.LessThan(80));
        await page.Keyboard.PressAsync("c");
        Assert.That(await panel.Locator(".row.chosen").InnerTextAsync(), Does.Contain("cause"));
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.That(await panel.Locator(".row").CountAsync(), Is.EqualTo(600), "paper holds a bounded part");
        Assert.That(await panel.Locator(".note").InnerTextAsync(), Does.Contain("600 of them are printed"));
    }

    [Test]
    public async Task A_fixture_without_its_traces_has_a_page_of_the_replays()
    {
        using var folder = new TempFolder();
        var fixture = folder.CopyFixture();
        File.Delete(Path.Combine(fixture, "traces.otlp.jsonl"));
        var page = await _browser.OpenAsync(
            Write(fixture, new ReplayedAgent("agent", await Replay.RunAsync<Shipped>(fixture, "captured", "captured@tool")))
        );
        Assert.That(await page.Locator("#head").InnerTextAsync(), Does.Contain("the captured traces do not lie beside the fixture"));
        Assert.That(
            await page.Locator(".panel h3").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "agent, replayed in the captured order · attempt 1 of 4" })
        );
        await page.Locator(".row").Nth(3).ClickAsync();
        Assert.That(await page.Locator("#details").IsVisibleAsync(), Is.True);
        Assert.That(_browser.Complaints, Is.Empty);
    }

    [TestCase(nameof(ChangesThePrompt), "lyon-2", "paris-1")]
    [TestCase(nameof(ChangesAnArgument), "-   \"sku\": \"SKU-778\"", "+   \"sku\": \"SKU-779\"")]
    public async Task A_divergence_is_a_difference(string driver, string captured, string now)
    {
        var fixture = Path.Combine(Data.Root, "fixtures", "order-desk");
        var report = await Replay.RunAsync(
            fixture,
            $"ReplayHarness.Tests.Replays.{driver}",
            new ReplayOptions { Hypotheses = ["captured@tool"] }
        );
        var page = await _browser.OpenAsync(Write(fixture, new ReplayedAgent("agent", report)));
        Assert.That(string.Concat(await page.Locator(".divergence del").AllInnerTextsAsync()), Does.Contain(captured));
        Assert.That(string.Concat(await page.Locator(".divergence ins").AllInnerTextsAsync()), Does.Contain(now));
    }

    [TestCase("Hedging", "fetch#2 completes before fetch#1 completes", 1)]
    [TestCase("LostUpdate", "audit#2 starts before audit#1 completes", 0)]
    public async Task The_order_that_fails_is_shown_where_the_captured_one_does_not(string pitfall, string why, int nearest)
    {
        var fixture = Authored.Write(_folder, pitfall.ToLowerInvariant(), PitfallRuns.Of(pitfall));
        var report = await Replay.RunAsync(fixture, pitfall + "Broken", new ReplayOptions { Hypotheses = ["captured@tool"] });
        var page = await _browser.OpenAsync(Write(fixture, new ReplayedAgent("agent", report)));
        Assert.That(
            (await page.Locator(".panel h3").AllInnerTextsAsync()).Count(title =>
                title == "agent, replayed in the nearest order that fails"
            ),
            Is.EqualTo(nearest)
        );
        Assert.That(await page.Locator(".why").First.InnerTextAsync(), Does.Contain(why));
        Assert.That(await page.Locator("tr.inevitable").CountAsync(), Is.EqualTo(1), "the step after which failure was inevitable");
    }

    private string Write(string fixture, params ReplayedAgent[] agents) =>
        _folder.Write($"{Guid.NewGuid():n}.html", ReportPage.Of(FixtureFolder.Load(fixture), agents));

    // Rounds of a model and up to six tools at once, with words of all lengths; the last tool but one hangs.
    private static RunBuilder Large(int spans)
    {
        var faker = new Faker { Random = new Randomizer(7) };
        var run = new RunBuilder { RootError = ("TimeoutError", "timed out") };
        var (count, at) = (0, 0.0);
        while (count < spans - 2)
        {
            run.Model(at, 0.8, input: RunBuilder.Says(faker.Lorem.Paragraph()), output: RunBuilder.Says(faker.Lorem.Sentence()));
            var tools = Math.Min(faker.Random.Int(0, 6), spans - 3 - count);
            for (var i = 0; i < tools; i++)
                run.Tool(
                    faker.Hacker.Verb(),
                    at + 0.8,
                    faker.Random.Double(0.05, 2),
                    arguments: $$"""{"id":{{i.ToString(CultureInfo.InvariantCulture)}},"text":"{{faker.Lorem.Sentence()}}"}""",
                    result: faker.Lorem.Sentences(3)
                );
            count += 1 + tools;
            at += 3;
        }
        return run.Tool("read", at, 60, ("TimeoutError", "timed out")).Model(at + 60, 0.5);
    }
}
