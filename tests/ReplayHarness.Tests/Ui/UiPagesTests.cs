using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace ReplayHarness.Tests.Ui;

/// <summary>The pages as a person meets them: the list, an incident that is replayed, a schedule step by step, a run.</summary>
public sealed class UiPagesTests() : InBrowserTests(Data.ThreeRuns)
{
    private protected override void Write(TempFolder folder)
    {
        folder.Write("replays/torn/expected.json", "{ no json");
        UiProcess.AddIncident(folder, "away", "../../nowhere", ("shipped", "Shipped"));
        var leaked = Authored.Write(folder, "leaked", PitfallRuns.Of("LeakedOrder"));
        UiProcess.AddIncident(folder, "leaked", leaked, ("broken", nameof(LeakedOrderBroken)));
        // Beside the folder of the incidents, and none of them.
        UiProcess.AddIncident(folder, "../beside", leaked, ("broken", nameof(LeakedOrderBroken)));
    }

    [Test]
    public async Task The_list_holds_incidents_what_cannot_be_read_and_what_nobody_has_captured()
    {
        var page = await Browser.OpenAsync(Ui.At("/"));
        var states = await page.Locator(".row").EvaluateAllAsync<string[]>("rows => rows.map(r => r.children[1].innerText)");
        Assert.That(states[..4], Is.EqualTo(["error", "open", "open", "error"]));
        Assert.That(states[4..], Is.All.EqualTo("not captured").And.Not.Empty);
        Assert.That(await page.Locator(".row").Nth(3).InnerTextAsync(), Does.Contain("torn/expected.json:1:3"), "the place");
        Assert.That(await page.Locator(".row").Nth(0).InnerTextAsync(), Does.Contain("there is no fixture here"));
        await page.GetByRole(AriaRole.Button, new() { Name = "not captured" }).ClickAsync();
        await page.Locator(".row").First.ClickAsync();
        var details = page.Locator("#details");
        Assert.That(
            await details.Locator("pre").InnerTextAsync(),
            Does.Match("replay-harness(.dll)? capture .*traces.otlp.jsonl --trace [0-9a-f]{32} --out fixtures/")
        );
        await details.GetByRole(AriaRole.Link, new() { Name = "as it was recorded" }).ClickAsync();
        await Expect(page.Locator(".panel .row").First).ToBeVisibleAsync();
        Assert.That(await page.Locator("h1").InnerTextAsync(), Does.StartWith("trace "));
        Assert.That(Complaints(), Is.Empty);
    }

    [Test]
    public async Task Keys_alone_lead_from_the_list_to_another_branch_of_a_schedule()
    {
        var page = await Browser.OpenAsync(Ui.At("/"));
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("drive");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("o");
        await Expect(page).ToHaveURLAsync(new Regex("/incidents/drive-timeout$"));
        await page.GetByLabel("Hypothesis").SelectOptionAsync("healthy@http");
        await page.GetByRole(AriaRole.Button, new() { Name = "step by step" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/steps\\?agent=shipped&hypothesis=healthy%40http$"));
        await page.Keyboard.PressAsync("N");
        var step = page.GetByRole(AriaRole.Region, new() { Name = "The chosen step" });
        await Expect(step).ToContainTextAsync("choose it instead");
        await page.Keyboard.PressAsync(await step.Locator(".branch kbd").First.InnerTextAsync());
        await Expect(page).ToHaveURLAsync(new Regex("&choose=\\d+%3D\\d+#step=\\d+$"));
        await Expect(step).ToContainTextAsync("In the captured order");
        Assert.That(await page.Locator(".walk .other").CountAsync(), Is.EqualTo(1));

        // A choice further on keeps those before it; one further back takes back what comes after it.
        await page.Keyboard.PressAsync("N");
        await page.Keyboard.PressAsync(await step.Locator(".branch kbd").First.InnerTextAsync());
        await Expect(page).ToHaveURLAsync(new Regex("&choose=\\d+%3D\\d+&choose=\\d+%3D\\d+#step=\\d+$"));
        var second = new Uri(page.Url).Fragment[6..];
        await Expect(step.Locator("h3")).ToHaveTextAsync(new Regex($"^Step {second} of "));
        await page.Keyboard.PressAsync("P");
        await page.Keyboard.PressAsync(await step.Locator(".branch kbd").First.InnerTextAsync());
        await Expect(page).ToHaveURLAsync(new Regex("hypothesis=healthy%40http#step=\\d+$"));
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(new Regex("&choose=\\d+%3D\\d+&choose=\\d+%3D\\d+#step=\\d+$"));
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(new Regex("=healthy%40http&choose=\\d+%3D\\d+#step=\\d+$"));
        Assert.That(Complaints(), Is.Empty);
    }

    [Test]
    public async Task A_replay_tells_how_far_it_is_and_then_what_it_shows()
    {
        var page = await Browser.OpenAsync(Ui.At("/incidents/leaked"));
        Assert.That(await page.Locator("#verdicts").InnerTextAsync(), Is.Empty);
        await page.GetByLabel("Hypothesis").SelectOptionAsync("captured@tool");
        await page.GetByRole(AriaRole.Button, new() { Name = "replay" }).ClickAsync();
        await Expect(page.Locator(".card h3").First).ToHaveTextAsync(new Regex("^broken (partly-removed|reproduced)$"));
        Assert.That(await page.Locator(".panel").CountAsync(), Is.GreaterThan(1), "the captured run beside its replay");

        // The nearest schedule that fails is a link, and fails.
        await page.Locator(".paths a", new() { HasText = "which fails" }).First.ClickAsync();
        await Expect(page.Locator("#outcome")).ToHaveTextAsync("This schedule fails.");
        await Expect(page).ToHaveURLAsync(new Regex("=captured%40tool&choose=2%3D2$"));
        // Its command says the same.
        var command = await page.Locator(".again pre").InnerTextAsync();
        var words = command.Split(' ')[1..];
        var again = await Tool.RunInAsync(Ui.Folder, words);
        Assert.That(again.Output, Does.Contain("step by step").And.Contain("reproduced"), again.Errors);
        Assert.That(await page.Locator(".start .badge").InnerTextAsync(), Is.EqualTo("reproduced"));
        await page.GetByRole(AriaRole.Link, new() { Name = "the captured order" }).ClickAsync();
        await Expect(page.Locator("#outcome")).ToHaveTextAsync("This schedule does not fail.");
        // What goes well once shows nothing.
        Assert.That(await page.Locator(".start .badge").InnerTextAsync(), Is.EqualTo("not-established"));
        Assert.That(Complaints(), Is.Empty);
    }

    [Test]
    public async Task A_mistake_is_told_in_words()
    {
        var page = await Browser.OpenAsync(Ui.At("/incidents/drive-timeout/steps?agent=shipped&hypothesis=healthy@http&choose=1=9"));
        await Expect(page.Locator("#verdicts")).ToContainTextAsync("step 1: 9 is chosen; expected one of 1 ");
        await Expect(page.Locator("#outcome")).ToContainTextAsync("step 1: 9 is chosen; expected one of 1 ");
        foreach (
            var (path, said) in new[]
            {
                ("/incidents/nobody", "there is no incident nobody"),
                ("/incidents/..%2Fbeside", "there is no incident ..%2Fbeside"),
                ("/incidents/torn", "torn/expected.json:1:3"),
                ("/incidents/drive-timeout/steps?agent=nobody&hypothesis=x", "there is no agent nobody; there are shipped, mended"),
                ("/incidents/drive-timeout/steps?agent=shipped&hypothesis=x", "x"),
                ("/incidents/drive-timeout/steps?agent=shipped&choose=0=1", "choose=0=1: expected STEP=N"),
                ("/runs/ffff", "holds no trace ffff"),
                ("/replays/77", "there is no replay 77"),
            }
        )
        {
            var answer = await page.APIRequest.GetAsync(Ui.Url + path);
            Assert.That(await answer.TextAsync(), Does.Contain(said), path);
            Assert.That(answer.Status, Is.EqualTo(400).Or.EqualTo(404), path);
        }
    }

    // Reloading a page cuts what it listened to.
    private string[] Complaints() => [.. Browser.Complaints.Where(c => !c.Contains("ERR_ABORTED"))];
}
