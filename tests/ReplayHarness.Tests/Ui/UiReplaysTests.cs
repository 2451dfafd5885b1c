using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ReplayHarness.Tests.Fleet;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace ReplayHarness.Tests.Ui;

/// <summary>What becomes of replays and of the source while pages are open.</summary>
public sealed class UiReplaysTests() : InBrowserTests("runs.jsonl")
{
    private string _long = "";

    private protected override void Write(TempFolder folder)
    {
        File.Copy(Data.ThreeRuns, Path.Combine(folder.Path, "runs.jsonl"));
        _long = Authored.Write(folder, "long", PitfallRuns.Of("LeakedOrder"));
        UiProcess.AddIncident(folder, "long", _long, ("broken", nameof(LeakedOrderBroken)));
    }

    [Test]
    public async Task One_that_is_stopped_is_judged_by_what_ran_and_as_many_run_as_there_are_processors()
    {
        using var client = await ClientAsync(Ui);
        List<string> ids = [];
        for (var i = 0; i < Environment.ProcessorCount; i++)
            ids.Add(await StartAsync(client, "long", "broken", "1000000"));
        using var another = await client.PostAsync("/incidents/long/replays", Asked("broken", "all"));
        Assert.That(another.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await another.Content.ReadAsStringAsync(), Does.StartWith("as many replays run as this machine has processors"));
        foreach (var id in ids.Skip(1))
        {
            using var stopped = await client.PostAsync($"/replays/{id}/stop", null);
            Assert.That(stopped.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((string?)(await LastAsync(client, id))["verdict"], Is.EqualTo("reproduced").Or.EqualTo("not-established"));
        }

        // The page finds the one that goes on.
        var page = await Browser.OpenAsync(Ui.At("/incidents/long"));
        await Expect(page.Locator("#told")).ToHaveTextAsync(new Regex("^captured@tool: [0-9,]+ schedules, [0-9,]+/s"));
        await Expect(page.Locator("progress")).ToBeVisibleAsync();
        await Expect(page.Locator("#start")).ToBeDisabledAsync();
        await page.Locator("#stop").ClickAsync();
        await Expect(page.Locator("#said")).ToHaveTextAsync("replayed: broken reproduced");
        await Expect(page.Locator("#stop")).ToBeHiddenAsync();
        await Expect(page.Locator("#start")).ToBeEnabledAsync();
        await Expect(page.Locator(".card h3").First).ToHaveTextAsync("broken reproduced");

        await Authored.EditAsync(_long, json => json["input"]!["user"] = "another question");
        await page.ReloadAsync();
        await Expect(page.Locator("#start")).ToBeEnabledAsync();
        Assert.That(await page.Locator(".card h3").CountAsync(), Is.Zero, "it showed nothing of another fixture");
    }

    [Test]
    public async Task What_was_changed_while_it_was_replayed_shows_nothing()
    {
        using var ui = await UiProcess.StartAsync(
            folder =>
                UiProcess.AddIncident(
                    folder,
                    "changing",
                    Authored.Write(folder, "changing", PitfallRuns.Of("LeakedOrder")),
                    ("changing", nameof(ChangingDriver))
                ),
            null,
            (ChangingDriver.Variable, "changing/fixture.json")
        );
        using var client = await ClientAsync(ui);
        var last = await LastAsync(client, await StartAsync(client, "changing", "changing", "captured"));
        Assert.That((string?)last["error"], Does.StartWith("the agent or the fixture was changed while it was replayed"));
    }

    [Test]
    public async Task The_source_is_read_again_when_somebody_asks()
    {
        var page = await Browser.OpenAsync(Ui.At("/"));
        var incident = page.Locator(".row", new() { HasText = "drive-timeout" }).Locator(".cell").Nth(3);
        await Expect(incident).ToHaveTextAsync("0");
        var runs = Path.Combine(Ui.Folder, "runs.jsonl");
        File.Copy(Data.DriveTimeout, runs, overwrite: true);
        await page.ReloadAsync();
        await Expect(incident).ToHaveTextAsync("0");
        await page.Locator("#refresh").ClickAsync();
        await Expect(incident).ToHaveTextAsync("4");
        await File.WriteAllTextAsync(runs, "no trace");
        await page.Locator("#refresh").ClickAsync();
        await Expect(page.Locator(".error").First).ToContainTextAsync("runs.jsonl");
        await Expect(incident).ToHaveTextAsync("4");
    }

    private static async Task<HttpClient> ClientAsync(UiProcess ui)
    {
        var client = new HttpClient { BaseAddress = new(ui.Url) };
        using var first = await client.GetAsync(ui.At("/"));
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK), "the key is in the cookie now");
        return client;
    }

    private static StringContent Asked(string agent, string schedules) =>
        new(
            new JsonObject
            {
                ["agent"] = agent,
                ["hypothesis"] = "captured@tool",
                ["schedules"] = schedules,
            }.ToJsonString()
        );

    private static async Task<string> StartAsync(HttpClient client, string incident, string agent, string schedules)
    {
        using var answer = await client.PostAsync($"/incidents/{incident}/replays", Asked(agent, schedules));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
    }

    // The stream ends with the replay.
    private static async Task<JsonNode> LastAsync(HttpClient client, string id)
    {
        var events = await client.GetStringAsync($"/replays/{id}");
        return JsonNode.Parse(events.TrimEnd().Split("data: ")[^1])!;
    }
}
