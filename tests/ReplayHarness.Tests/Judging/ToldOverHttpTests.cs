using ReplayHarness.Judging;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>
/// What the model is told is judged in each provider's format as it is in the process: agents on the official SDKs, whose requests are
/// read off the wire.
/// </summary>
public sealed class ToldOverHttpTests
{
    private const string Altered = "altered-result",
        Lost = "lost-result",
        Unanswered = "unanswered-tool-call";

    // Of the two calls one fails as it was captured; over a healthy backend both go well, so that there is no error to tell.
    [TestCase("honest", null, null)]
    [TestCase("marked", null, null)]
    [TestCase("in parts", null, null)]
    [TestCase("swapped", $"{Altered} check_inventory", $"{Altered} check_inventory, {Altered} search_orders")]
    [TestCase("empty", $"{Lost} check_inventory, {Lost} search_orders", $"{Lost} check_inventory, {Lost} search_orders")]
    [TestCase("one left out", $"{Unanswered} check_inventory", $"{Unanswered} check_inventory")]
    [TestCase("errors as data", $"{Altered} check_inventory", null)]
    [TestCase("errors as ok", $"{Altered} check_inventory", null)]
    [TestCase("errors as the sibling", $"{Altered} check_inventory", null)]
    public async Task What_the_model_is_told_is_judged(string way, string? captured, string? healthy)
    {
        foreach (var driver in new[] { nameof(ChatTeller), nameof(ResponsesTeller), nameof(MessagesTeller) })
            Assert.That(await VerdictsAsync(driver, way), Is.EqualTo(new[] { Verdict(captured), Verdict(healthy) }), driver);
    }

    // Where an API has a mark for errors, it says that it was one, whatever the text says.
    [TestCase(nameof(MessagesTeller), "removed")]
    [TestCase(nameof(ChatTeller), "not-established")]
    public async Task An_error_that_is_only_marked_as_one(string driver, string expected) =>
        Assert.That(await VerdictsAsync(driver, "marked only", "captured@tool"), Is.EqualTo(new[] { expected }));

    // What its server answers is mocked: so there is no healthy backend behind it.
    [TestCase("honest", null)]
    [TestCase("swapped", $"{Altered} check_inventory")]
    [TestCase("empty", $"{Lost} check_inventory, {Lost} search_orders")]
    [TestCase("errors as data", $"{Altered} check_inventory")]
    public async Task Results_of_an_MCP_server_that_are_told_as_they_came(string way, string? expected) =>
        Assert.That(await VerdictsAsync(nameof(McpTeller), way, "captured@tool"), Is.EqualTo(new[] { Verdict(expected) }));

    private static string Verdict(string? appeared) => appeared is null ? "removed" : $"changed: {appeared}";

    private static async Task<string[]> VerdictsAsync(string driver, string way, params string[] hypotheses)
    {
        using var folder = new TempFolder();
        await Authored.EditAsync(folder.CopyFixture("order-desk"), json => json["input"]!["attributes"]![WireTeller.WayName] = way);
        var report = await Replay.RunAsync(folder.Path, $"ReplayHarness.Tests.Replays.{driver}", new() { Hypotheses = hypotheses });
        return
        [
            .. report.Hypotheses.Select(h =>
                h.Appeared.Count == 0
                    ? h.Verdict.Text()
                    : $"{h.Verdict.Text()}: {string.Join(", ", h.Appeared.Select(f => $"{f.Rule} {f.Role}").Order(StringComparer.Ordinal))}"
            ),
        ];
    }
}
