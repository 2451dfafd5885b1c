using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace ReplayHarness.Tests.Fleet.Page;

/// <summary>The page of a merged run as a person meets it: with a mouse, with keys alone, with many rows, with hostile ones.</summary>
public sealed class FleetPageTests
{
    private const string Hostile = "<img src=x onerror=window.owned=1><script>window.owned=1</script>{{script}}\u202egnp.\u2028'\"&amp;";

    private readonly Results _few = new();
    private Browser _browser = null!;
    private ReplayReport _report = null!;
    private string _file = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        _browser = await Browser.StartAsync();
        _report = await Replay.RunAsync<Shipped>(null, "all", "healthy@http");
        var removed = _report with
        {
            Verdict = VerdictKind.Removed,
            Sentence = "no schedule shows it",
            Hypotheses = [.. _report.Hypotheses.Select(h => h with { Verdict = VerdictKind.Removed })],
        };
        _few.Add("delta", "shipped", _report, VerdictKind.Reproduced, seconds: 5)
            .Add("delta", "mended", removed, VerdictKind.Removed, seconds: 40)
            .Add("alpha", "shipped", _report, VerdictKind.Removed, seconds: 7)
            .AddError("beta", "dying", "the process that replays died\nof a signal")
            .Add("carol", "mended", removed, VerdictKind.Removed, seconds: 0.5);
        _file = await _few.MergeAsync();
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        _few.Dispose();
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    [Test]
    public async Task A_row_for_each_job_and_a_column_for_each_hypothesis()
    {
        var page = await _browser.OpenAsync(_file);
        Assert.That(
            await page.Locator(".states button").AllInnerTextsAsync(),
            Is.EqualTo(["5 jobs", "3 as expected", "1 not as expected", "1 error"])
        );
        Assert.That(
            await page.Locator(".heads button").AllInnerTextsAsync(),
            Is.EqualTo(["incident", "agent", "state", "verdict", "expected", "healthy@http", "why", "seconds"])
        );
        var verdict = _report.Hypotheses.Single();
        Assert.That(
            await page.Locator(".row").Nth(2).Locator(".cell").AllInnerTextsAsync(),
            Is.EqualTo([
                "alpha",
                "shipped",
                "NOT as expected",
                "reproduced",
                "removed",
                $"≠ reproduced {verdict.Schedules.Failing}/{verdict.Schedules.Represented}, not removed",
                _report.Sentence,
                "7.0",
            ])
        );
        Assert.That((_browser.Asked, _browser.Complaints), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
    }

    [Test]
    public async Task What_is_filtered_and_sorted_stands_in_the_address()
    {
        var page = await _browser.OpenAsync(_file);
        var status = page.Locator("#status");
        await page.Locator("#search").FillAsync("NOT alpha");
        Assert.That(await JobsAsync(page), Is.EqualTo(["alpha/shipped"]), "every word");
        Assert.That(await status.InnerTextAsync(), Is.EqualTo("1 of 5 jobs"));
        await page.Locator("#search").FillAsync("of a signal");
        Assert.That(await JobsAsync(page), Is.EqualTo(["beta/dying"]), "in what opens too");
        await page.Locator("#search").FillAsync("nobody says so");
        await page.GetByText("show all").ClickAsync();
        await page.Locator("#verdict").SelectOptionAsync("removed");
        Assert.That(await JobsAsync(page), Is.EqualTo(["delta/mended", "carol/mended"]));
        await page.Locator("[data-state=expected]").ClickAsync();
        var seconds = page.GetByRole(AriaRole.Columnheader, new() { Name = "seconds" });
        await seconds.GetByRole(AriaRole.Button).ClickAsync();
        Assert.That(await JobsAsync(page), Is.EqualTo(["carol/mended", "delta/mended"]));
        Assert.That(await seconds.GetAttributeAsync("aria-sort"), Is.EqualTo("ascending"));
        await Expect(page).ToHaveURLAsync(new Regex("#state=expected&verdict=removed&sort=seconds$"));

        // What was sent to somebody opens as it was, and what it names that is not here is left out.
        await page.GotoAsync(new Uri(_file).AbsoluteUri + "#q=/shipped&sort=-seconds&verdict=nonsense&job=alpha/shipped");
        await Expect(seconds).ToHaveAttributeAsync("aria-sort", "descending");
        Assert.That(await JobsAsync(page), Is.EqualTo(["alpha/shipped", "delta/shipped"]));
        Assert.That(await page.Locator("#details h2").InnerTextAsync(), Is.EqualTo("alpha/shipped"));
    }

    [TestCase("incident", "alpha beta carol delta delta")]
    [TestCase("agent", "beta delta carol delta alpha")]
    [TestCase("state", "alpha beta delta delta carol")]
    [TestCase("verdict", "delta alpha delta carol beta")]
    [TestCase("expected", "delta delta alpha beta carol")]
    [TestCase("healthy@http", "delta alpha delta carol beta")]
    [TestCase("seconds", "beta carol delta alpha delta")]
    public async Task Each_column_sorts_up_down_and_back(string column, string order)
    {
        var page = await _browser.OpenAsync(_file);
        var head = page.Locator(".heads").GetByRole(AriaRole.Button, new() { Name = column, Exact = true });
        await head.ClickAsync();
        Assert.That(await IncidentsAsync(), Is.EqualTo(order));
        await head.ClickAsync();
        Assert.That(await IncidentsAsync(), Is.Not.EqualTo(order));
        await head.ClickAsync();
        Assert.That(await IncidentsAsync(), Is.EqualTo("delta delta alpha beta carol"), "as in the run");

        async Task<string> IncidentsAsync() => string.Join(' ', (await JobsAsync(page)).Select(job => job.Split('/')[0]));
    }

    [Test]
    public async Task A_row_opens_to_all_that_is_known_and_its_command_is_copied()
    {
        var page = await _browser.OpenAsync(_file);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.Locator(".row").Nth(2).ClickAsync();
        var details = await page.Locator("#details").InnerTextAsync();
        var verdict = _report.Hypotheses.Single();
        Assert.That(
            details,
            Does.Contain(_report.Sentence)
                .And.Contain(verdict.Sentence)
                .And.Contain("race: ")
                .And.Contain("if (_slot?.Path == path)")
                .And.Contain("expected removed")
                .And.Contain(_report.AllMeans!)
        );
        await page.Locator(".copy").ClickAsync();
        await Expect(page.Locator("#said")).ToHaveTextAsync("The command is copied");
        Assert.That(await page.EvaluateAsync<string>("navigator.clipboard.readText()"), Is.EqualTo(_report.Rerun));
        await page.Locator(".row").Nth(3).ClickAsync();
        Assert.That(await page.Locator("#details pre.error").InnerTextAsync(), Is.EqualTo("the process that replays died\nof a signal"));
    }

    [Test]
    public async Task Keys_alone_reach_everything()
    {
        var page = await _browser.OpenAsync(_file);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        Assert.That(await ChosenAsync(), Does.StartWith("delta\nmended"));
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Enter");
        Assert.That(await page.EvaluateAsync<string>("document.activeElement.id"), Is.EqualTo("details"));
        await page.Keyboard.PressAsync("k");
        Assert.That(await page.Locator("#details h2").InnerTextAsync(), Is.EqualTo("beta/dying"), "the next one, without closing");
        await page.Keyboard.PressAsync("Escape");
        Assert.That(await page.Locator("#details").IsVisibleAsync(), Is.False);
        Assert.That(
            await page.EvaluateAsync<string>(
                "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText"
            ),
            Does.StartWith("beta"),
            "the table has the focus, and says which row"
        );
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("shipped");
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.That(await ChosenAsync(), Does.StartWith("delta\nshipped"));
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.PressAsync("Escape");
        Assert.That(await page.Locator(".row").CountAsync(), Is.EqualTo(5));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        Assert.That(await page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" }).InnerTextAsync(), Does.Contain("opens a job"));
        await page.Keyboard.PressAsync("Escape");
        Assert.That(await page.Locator("#help").IsVisibleAsync(), Is.False);

        Task<string> ChosenAsync() => page.Locator(".row.chosen").InnerTextAsync();
    }

    [Test]
    public async Task Ten_thousand_rows_are_in_the_document_only_where_they_are_seen()
    {
        var page = await _browser.OpenAsync(Many(10_000));
        Assert.That(await page.Locator("[data-state='']").InnerTextAsync(), Is.EqualTo("10,000 jobs"));
        Assert.That(await page.Locator(".row").CountAsync(), Is.InRange(20, 80));
        await page.Locator("#grid").FocusAsync();
        await page.Keyboard.PressAsync("End");
        Assert.That(await page.Locator(".row.chosen").InnerTextAsync(), Does.StartWith("incident-09999"));
        Assert.That(await page.Locator(".row.chosen").GetAttributeAsync("aria-rowindex"), Is.EqualTo("10001"));
        await page.Locator("#grid").EvaluateAsync("grid => { grid.scrollTop = grid.scrollHeight / 2; }");
        await Expect(page.Locator(".row").Filter(new() { HasText = "incident-05000" })).ToHaveCountAsync(1);
        Assert.That(await page.Locator(".row").CountAsync(), Is.InRange(20, 80));
        await page.Locator("#search").FillAsync("incident-077");
        Assert.That(await page.Locator("#status").InnerTextAsync(), Is.EqualTo("100 of 10,000 jobs"));
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.That(await page.Locator(".row").CountAsync(), Is.EqualTo(100), "paper holds those that are chosen");
    }

    [Test]
    public async Task What_fixtures_and_agents_say_is_text()
    {
        using var results = new Results();
        results.Add($"a{Hostile}", Hostile, _report with { Sentence = Hostile, Rerun = Hostile }, VerdictKind.Removed);
        var page = await _browser.OpenAsync(await results.MergeAsync());
        await page.Locator(".row").ClickAsync();
        var details = await page.Locator("#details").InnerTextAsync();
        Assert.That(
            details,
            Does.Contain("<img src=x onerror=window.owned=1><script>")
                .And.Contain("</script>{{script}}\\u202Egnp.\\u2028'\"&amp;")
                .And.Not.Contain("\u202e")
        );
        Assert.That(await page.Locator("img, #details script, main script").CountAsync(), Is.Zero);
        Assert.That(await page.EvaluateAsync<bool>("'owned' in window"), Is.False);
        Assert.That((_browser.Asked, _browser.Complaints), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
    }

    [Test]
    public async Task Equal_results_give_equal_bytes_and_nothing_else_may_run()
    {
        var first = await File.ReadAllTextAsync(_file);
        Assert.That(await File.ReadAllTextAsync(await _few.MergeAsync("again.html")), Is.EqualTo(first));
        Assert.That(first, Does.Contain("content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"));
        var page = await _browser.OpenAsync(_file, ColorScheme.Dark);
        await page.EvaluateAsync(
            "() => { const script = document.createElement('script'); script.textContent = 'window.owned = 1'; "
                + "document.body.append(script); }"
        );
        Assert.That(await page.EvaluateAsync<bool>("'owned' in window"), Is.False);
        Assert.That(await PaperAsync(), Is.EqualTo("rgb(21, 23, 26)"));
        await page.ClickAsync("#theme");
        Assert.That(await PaperAsync(), Is.EqualTo("rgb(251, 251, 250)"));

        Task<string> PaperAsync() => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    // The page as it is, with as many jobs like its first.
    private string Many(int count)
    {
        var page = File.ReadAllText(_file);
        var data = Regex.Match(page, "(?<=id=\"data\">).*?(?=</script>)", RegexOptions.Singleline);
        var json = JsonNode.Parse(data.Value)!;
        var first = json["jobs"]![0]!;
        json["jobs"] = new JsonArray([
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var job = first.DeepClone();
                    job["incident"] = i.ToString("incident-00000", CultureInfo.InvariantCulture);
                    return job;
                }),
        ]);
        var file = Path.Combine(_few.Path, "many.html");
        File.WriteAllText(file, page[..data.Index] + json.ToJsonString() + page[(data.Index + data.Length)..]);
        return file;
    }

    private static async Task<string[]> JobsAsync(IPage page) =>
        await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.row')].map(row => [...row.children].slice(0, 2).map(cell => cell.innerText).join('/'))"
        );
}
