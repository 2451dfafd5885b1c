using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ReplayHarness.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace ReplayHarness.Tests.Ui;

/// <summary>Many incidents and a long run: in the document is only what is seen.</summary>
public sealed class UiSizeTests() : InBrowserTests("long.jsonl")
{
    private const int Incidents = 1000,
        Spans = 5000;

    private static readonly string s_trace = new('a', 32);

    private protected override void Write(TempFolder folder)
    {
        for (var i = 0; i < Incidents - 1; i++)
            UiProcess.AddIncident(
                folder,
                i.ToString("incident-0000", CultureInfo.InvariantCulture),
                Data.Fixture,
                ("shipped", "Shipped")
            );
        folder.Write("long.jsonl", LongRun());
    }

    [TestCase(ColorScheme.Light, "rgb(251, 251, 250)")]
    [TestCase(ColorScheme.Dark, "rgb(21, 23, 26)")]
    public async Task A_thousand_incidents(ColorScheme scheme, string paper)
    {
        var page = await Browser.OpenAsync(Ui.At("/"), scheme);
        Assert.That(await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"), Is.EqualTo(paper));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "1,000 open" })).ToBeVisibleAsync();
        Assert.That(await page.Locator(".row").CountAsync(), Is.InRange(20, 80));
        await page.GetByRole(AriaRole.Grid, new() { Name = "Incidents" }).FocusAsync();
        await page.Keyboard.PressAsync("End");
        Assert.That(await page.Locator(".row.chosen").InnerTextAsync(), Does.StartWith("shape ").Or.StartWith("incident-0998"));
        await page.GetByLabel("Find in incidents").FillAsync("incident-077");
        await Expect(page.Locator(".row")).ToHaveCountAsync(10);
        Assert.That(Browser.Complaints, Is.Empty);
    }

    [Test]
    public async Task Five_thousand_spans()
    {
        var page = await Browser.OpenAsync(Ui.At($"/runs/{s_trace}"));
        await Expect(page.Locator(".note").First).ToContainTextAsync($"{Spans} spans");
        Assert.That(await page.Locator(".panel .row").CountAsync(), Is.InRange(10, 80));
        await page.GetByRole(AriaRole.Tree).FocusAsync();
        await page.Keyboard.PressAsync("End");
        Assert.That(await page.Locator(".row.chosen").InnerTextAsync(), Does.Contain("tool_4998"));
        Assert.That(Browser.Complaints, Is.Empty);
    }

    private static string LongRun()
    {
        var spans = new JsonArray(Span(0, null, "invoke_agent desk"));
        for (var i = 1; i < Spans; i++)
            spans.Add(Span(i, 0, $"execute_tool tool_{i - 1}"));
        return new JsonObject
        {
            ["resourceSpans"] = new JsonArray(new JsonObject { ["scopeSpans"] = new JsonArray(new JsonObject { ["spans"] = spans }) }),
        }.ToJsonString();
    }

    private static JsonObject Span(int number, int? parent, string name)
    {
        var words = name.Split(' ');
        var span = new JsonObject
        {
            ["traceId"] = s_trace,
            ["spanId"] = Id(number),
            ["name"] = name,
            ["startTimeUnixNano"] = Nanos(number * 1_000_000L),
            ["endTimeUnixNano"] = Nanos((parent is null ? Spans : number + 1) * 1_000_000L),
            ["attributes"] = new JsonArray(
                Attribute("gen_ai.operation.name", words[0]),
                Attribute(parent is null ? "gen_ai.agent.name" : "gen_ai.tool.name", words[1])
            ),
        };
        if (parent is { } of)
            span["parentSpanId"] = Id(of);
        return span;
    }

    private static JsonObject Attribute(string key, string value) =>
        new()
        {
            ["key"] = key,
            ["value"] = new JsonObject { ["stringValue"] = value },
        };

    private static string Id(int number) => (number + 1).ToString("x16", CultureInfo.InvariantCulture);

    private static string Nanos(long after) => (1_758_463_200_000_000_000 + after).ToString(CultureInfo.InvariantCulture);
}
