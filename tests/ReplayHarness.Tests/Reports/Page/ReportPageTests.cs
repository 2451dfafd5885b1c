using Microsoft.Playwright;
using ReplayHarness.Fixtures;
using ReplayHarness.Reports.Page;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Reports.Page;

/// <summary>The report as a person meets it: in a browser, with a mouse or with keys alone, on a screen of either kind, on paper.</summary>
public sealed class ReportPageTests
{
    private readonly TempFolder _folder = new();
    private Browser _browser = null!;
    private string _file = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        _browser = await Browser.StartAsync();
        _file = _folder.Write(
            "report.html",
            ReportPage.Of(
                FixtureFolder.Load(Data.Fixture),
                [new("broken", await Replay.RunAsync<Shipped>()), new("fixed", await Replay.RunAsync<CatchAdded>())]
            )
        );
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        _folder.Dispose();
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    [Test]
    public async Task What_it_says()
    {
        var page = await _browser.OpenAsync(_file);
        var text = await page.Locator("#head").InnerTextAsync();
        foreach (var tab in await page.GetByRole(AriaRole.Tab).AllAsync())
        {
            await tab.ClickAsync();
            text += $"\n\n## {await tab.InnerTextAsync()}\n{await page.Locator("#hypothesis").InnerTextAsync()}\n";
            foreach (var panel in await page.Locator(".panel").AllAsync())
                text += $"\n{await panel.InnerTextAsync()}\n";
        }
        Assert.That((_browser.Asked, _browser.Complaints), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
        await Verify(string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())));
    }

    [Test]
    public async Task Runs_share_one_axis_of_time()
    {
        var page = await _browser.OpenAsync(_file);
        // The first call of the model lasts as long in all three runs, and is as wide.
        var bars = await page.Locator(".panel .bar.model")
            .EvaluateAllAsync<double[]>("bars => bars.map(bar => Math.round(bar.getBoundingClientRect().left * 10) / 10)");
        var panels = await page.Locator(".panel").CountAsync();
        Assert.That(panels, Is.EqualTo(3));
        Assert.That(bars[0], Is.EqualTo(bars[2]).Within(1).And.EqualTo(bars[4]).Within(1), "they begin at the same place");
        var edges = await page.EvaluateAsync<double[]>(
            "(() => { const boxes = of => [...document.querySelectorAll(of)].map(e => e.getBoundingClientRect()); const "
                + "[lanes, bars] = [boxes('.lane'), boxes('.bar')]; return [Math.min(...bars.map(b => b.left)) - lanes[0].left, "
                + "Math.max(...bars.map(b => b.right)) - lanes[0].right]; })()"
        );
        Assert.That(edges, Is.All.EqualTo(0).Within(3), "the axis goes from the first beginning to the last end in any of them");
        var last = (await page.Locator(".panel").Nth(2).Locator(".bar.model").Last.BoundingBoxAsync())!;
        Assert.That(last.Width, Is.GreaterThan(10), "the mended run goes on longer than the captured one, and is seen to its end");
        var rulers = await page.Locator(".ruler").AllInnerTextsAsync();
        Assert.That(rulers.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_is_opened_with_the_mouse_and_shown_beside_itself_in_the_other_runs()
    {
        var page = await _browser.OpenAsync(_file);
        await page.Locator(".panel").Nth(2).GetByText("running tool: search_drive_markdown").ClickAsync();
        var details = await page.Locator("#details").InnerTextAsync();
        Assert.That(details, Does.Contain("fixed, replayed in the captured order").And.Contain("\"query\"").And.Contain("captured"));
        Assert.That(
            await page.Locator("#details td button").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "captured", "broken, replayed in the captured order" })
        );
        await page.GetByRole(AriaRole.Button, new() { Name = "broken, replayed in the captured order" }).ClickAsync();
        Assert.That(await page.Locator(".panel").Nth(1).Locator(".chosen").InnerTextAsync(), Does.Contain("search_drive_markdown"));
        Assert.That(await page.Locator(".row.peer").CountAsync(), Is.EqualTo(2), "the same call is marked in the two other runs");
    }

    [Test]
    public async Task Both_accesses_of_a_race_are_marked_where_they_happen()
    {
        var page = await _browser.OpenAsync(_file);
        await page.GetByRole(AriaRole.Tab, new() { Name = "healthy@http" }).ClickAsync();
        var panel = page.Locator(".panel").Nth(1);
        Assert.That(
            await panel.Locator(".row", new() { Has = page.Locator(".pin") }).Locator(".pin, .sibling").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "∥ 2 of 2", "1b", "∥ 1 of 2", "1a" }),
            "each in the lane of the read that it serves"
        );
        // Both are between the answers of the model and of the two reads: after 5 s, and before the time-out of 60 s.
        var edges = await panel.EvaluateAsync<double[]>(
            "panel => { const lane = panel.querySelector('.lane').getBoundingClientRect(); return [...panel.querySelectorAll('.pin')]"
                + ".map(pin => (pin.getBoundingClientRect().right - lane.left) / lane.width); }"
        );
        Assert.That(edges, Has.Exactly(2).Items.And.All.InRange(5.0 / 68, 7.0 / 68));
        await page.Keyboard.PressAsync("r");
        var details = await page.Locator("#details").InnerTextAsync();
        Assert.That(details, Does.Contain("Race 1b: DriveConnection._slot").And.Contain("if (_slot?.Path == path)"));
        await page.Locator("#details").GetByRole(AriaRole.Button, new() { Name = "1a, running tool" }).ClickAsync();
        Assert.That(await panel.Locator(".row.chosen").InnerTextAsync(), Does.Contain("race 1a"), "a screen reader hears it too");
        Assert.That(_browser.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_message_that_is_sent_again_with_every_call_is_in_the_page_once()
    {
        var page = await _browser.OpenAsync(_file);
        var messages = await page.EvaluateAsync<string[]>(
            "JSON.parse(document.getElementById('data').textContent).messages.map(message => JSON.stringify(message))"
        );
        Assert.That(messages, Is.Unique.And.Not.Empty);
        await page.Locator(".panel").First.GetByText("chat claude-sonnet-4-6").Nth(1).ClickAsync();
        Assert.That(await page.Locator("#details summary").First.InnerTextAsync(), Does.Match(@"^\d+ as in the call before$"));
    }

    [Test]
    public async Task Keys_alone_reach_everything()
    {
        var page = await _browser.OpenAsync(_file);
        await page.Keyboard.PressAsync("c");
        Assert.That(await page.Locator("#details h3").InnerTextAsync(), Is.EqualTo("running tool: read_drive_markdown"));
        await page.Keyboard.PressAsync("Escape");
        Assert.That(await page.Locator("#details").IsVisibleAsync(), Is.False);
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Home");
        Assert.That(await Chosen(page), Does.StartWith("▾sync.loop.iteration"));
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.That(await page.Locator(".panel").First.Locator(".row").CountAsync(), Is.EqualTo(1), "folded");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("End");
        Assert.That(await Chosen(page), Does.StartWith("run.task.transient_retry"));
        await page.Keyboard.PressAsync("Enter");
        Assert.That(await page.Locator("#details").EvaluateAsync<bool>("drawer => drawer === document.activeElement"), Is.True);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("gmail.get");
        Assert.That(await page.Locator(".panel").First.Locator(".row").CountAsync(), Is.EqualTo(2), "found");
    }

    [Test]
    public async Task Time_can_be_looked_at_closely()
    {
        var page = await _browser.OpenAsync(_file);
        var before = await page.Locator(".ruler").First.InnerTextAsync();
        await page.Locator(".panel").First.GetByText("gmail.get_history").ClickAsync();
        await page.Keyboard.PressAsync("z");
        Assert.That(await page.Locator(".ruler").First.InnerTextAsync(), Does.Contain(" ms"));
        await page.Keyboard.PressAsync("f");
        Assert.That(await page.Locator(".ruler").First.InnerTextAsync(), Does.Contain("60 s"));
        await page.Keyboard.PressAsync("0");
        Assert.That(await page.Locator(".ruler").First.InnerTextAsync(), Is.EqualTo(before));
    }

    [TestCase(ColorScheme.Light, "rgb(251, 251, 250)", "rgb(21, 23, 26)")]
    [TestCase(ColorScheme.Dark, "rgb(21, 23, 26)", "rgb(251, 251, 250)")]
    public async Task Light_and_dark(ColorScheme scheme, string paper, string other)
    {
        var page = await _browser.OpenAsync(_file, scheme);
        Assert.That(await Paper(page), Is.EqualTo(paper));
        await page.ClickAsync("#theme");
        Assert.That(await Paper(page), Is.EqualTo(other));
        await page.ClickAsync("#theme");
        Assert.That(await Paper(page), Is.EqualTo(paper));
    }

    [Test]
    public async Task No_other_script_runs_in_it()
    {
        var page = await _browser.OpenAsync(_file);
        await page.EvaluateAsync(
            "() => { const script = document.createElement('script'); script.textContent = 'window.owned = 1'; "
                + "document.body.append(script); }"
        );
        Assert.That(await page.EvaluateAsync<bool>("'owned' in window"), Is.False);
        Assert.That(
            await page.EvaluateAsync<string>("fetch('https://example.invalid').then(() => 'fetched', e => e.message)"),
            Is.EqualTo("Failed to fetch")
        );
    }

    [Test]
    public async Task Equal_input_gives_equal_bytes()
    {
        var one = await Tool.RunInAsync(
            _folder.Path,
            "report",
            Data.Fixture,
            "--fixed",
            $"{Replay.Assembly}:{typeof(Shipped).FullName}",
            "--schedules",
            "captured",
            "--out",
            "page.html"
        );
        Assert.That((one.ExitCode, one.Output, one.Errors), Is.EqualTo((0, "page.html: open it in a browser\n", "")));
        var first = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "page.html"));
        await Tool.RunInAsync(
            _folder.Path,
            "report",
            Data.Fixture,
            "--fixed",
            $"{Replay.Assembly}:{typeof(Shipped).FullName}",
            "--schedules",
            "captured",
            "--out",
            "page.html"
        );
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "page.html")), Is.EqualTo(first));
    }

    private static Task<string> Chosen(IPage page) => page.Locator(".panel").First.Locator(".row.chosen").InnerTextAsync();

    private static Task<string> Paper(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
