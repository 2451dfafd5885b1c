using System.Numerics;
using System.Text.Json.Nodes;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>Classic mistakes of concurrent agents: each is found, and its fix is proved over every schedule.</summary>
public sealed class PitfallsTests
{
    [TestCase("LostUpdate", VerdictKind.Reproduced, "fails exactly when audit#2 starts before audit#1 completes")]
    [TestCase("Hedging", VerdictKind.Changed, "fails exactly when fetch#2 completes before fetch#1 completes")]
    [TestCase("RetriedCharge", VerdictKind.Reproduced, "fails in every schedule")]
    [TestCase("CrossedLocks", VerdictKind.Reproduced, "fails exactly when fetch#2 starts before fetch#1 completes")]
    [TestCase(
        "BlockingTools",
        VerdictKind.Changed,
        "fails exactly when timer CancellationTokenSource.TimerCallback fires before fetch#2 completes"
    )]
    [TestCase(
        "LeftRunning",
        VerdictKind.Reproduced,
        "fails exactly when audit#1 starts before fetch#2 completes and fetch#2 completes before audit#1 completes, or when "
            + "model#2 completes before fetch#2 completes"
    )]
    [TestCase("LeakedOrder", VerdictKind.Reproduced, "fails exactly when fetch#2 completes before fetch#1 completes")]
    [TestCase(
        "SharedContext",
        VerdictKind.Reproduced,
        "fails exactly when fetch#1 completes before audit#1 completes and fetch#2 completes before audit#1 completes"
    )]
    public async Task Broken_is_found_and_fixed_is_proved(string pitfall, VerdictKind expected, string why)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "pitfall", PitfallRuns.Of(pitfall));
        var found = await RunAsync(fixture, pitfall + "Broken");
        var proved = await RunAsync(fixture, pitfall + "Fixed");
        Assert.That(found.Hypotheses.Single().Verdict, Is.EqualTo(expected), found.Sentence);
        Assert.That(found.Hypotheses.Single().Explanation!.Constraint, Is.EqualTo(why));
        Assert.That(proved.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed), proved.Sentence);
        Assert.That(proved.Hypotheses.Single().Schedules.Exhaustive, Is.True);
    }

    [TestCase("TellsSwapped", "altered-result")]
    [TestCase("TellsEmpty", "lost-result")]
    [TestCase("TellsErrorAsData", "altered-result")]
    [TestCase("TellsErrorAsSibling", "altered-result")]
    [TestCase("TellsAsText", null)]
    [TestCase("TellsShortened", "altered-result")]
    [TestCase("TellsSwappedAndShortened", "altered-result")]
    public async Task What_the_model_is_told_is_judged(string driver, string? appeared)
    {
        using var folder = new TempFolder();
        var report = await RunAsync(Authored.Write(folder, "telling", PitfallRuns.Of("Telling")), driver);
        var verdict = report.Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(appeared is null ? VerdictKind.Removed : VerdictKind.Changed), report.Sentence);
        Assert.That(verdict.Appeared.Select(f => f.Rule).Distinct(), Is.EqualTo(appeared is null ? [] : (string[])[appeared]));
    }

    // Nobody but a person can tell whether it says that something went wrong.
    [Test]
    public async Task Words_that_nobody_can_read_are_quoted_and_may_be_declared()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "telling", PitfallRuns.Of("Telling"));
        var verdict = (await RunAsync(fixture, "TellsInGerman")).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished));
        Assert.That(verdict.Reasons.Single(), Does.EndWith("does not say so (\"Der Dienst hat sich eine Minute lang ausgeschwiegen.\")"));
        Assert.That(verdict.Remedies, Is.EqualTo(new[] { Remedy.DeclareRewording }));
        await Authored.EditAsync(fixture, json => json["told"] = new JsonObject { ["fetch"] = "reworded" });
        Assert.That((await RunAsync(fixture, "TellsInGerman")).Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed));
    }

    [TestCase("TellsShortened", true, "as declared, the model was told less than fetch gave")]
    [TestCase("TellsShortened", false)]
    [TestCase("TellsAsText", true)]
    [TestCase("TellsSwappedAndShortened", true)]
    public async Task Shortening_that_is_declared_is_drift(string driver, bool declared, params string[] drift)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "telling", PitfallRuns.Of("Telling"));
        if (declared)
            await Authored.EditAsync(fixture, json => json["told"] = new JsonObject { ["fetch"] = "shortened" });
        var verdict = (await RunAsync(fixture, driver)).Hypotheses.Single();
        var isGreen = declared && driver != "TellsSwappedAndShortened";
        Assert.That(verdict.Verdict, Is.EqualTo(isGreen ? VerdictKind.Removed : VerdictKind.Changed), verdict.Sentence);
        Assert.That(verdict.Drift, Is.EqualTo(drift));
        Assert.That(verdict.Remedies, Is.EqualTo(declared ? [] : new[] { Remedy.DeclareShortening }));
    }

    [TestCase(null, "POST", null, true)]
    [TestCase(null, "GET", null, false)]
    [TestCase(null, "GET", true, true)]
    [TestCase(null, "POST", false, false)]
    [TestCase(null, null, true, true)]
    [TestCase(false, "POST", true, false)]
    [TestCase(true, "GET", false, true)]
    public async Task Who_says_first_whether_a_charge_acts(bool? declared, string? method, bool? driver, bool expected)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "charge", PitfallRuns.Of("RetriedCharge"));
        await Authored.EditAsync(
            fixture,
            json =>
            {
                json["effects"] = declared is { } d ? new JsonObject { ["charge"] = d } : null;
                json["methods"] = method is null ? null : new JsonObject { ["charge"] = new JsonArray(method) };
                foreach (var (name, value) in json.AsObject().ToArray())
                    if (value is null)
                        json.AsObject().Remove(name);
            }
        );
        var name = driver is { } acts ? $"RetriedChargeThat{(acts ? "Acts" : "Asks")}" : "RetriedChargeBroken";
        var broken = (await RunAsync(fixture, name)).Hypotheses.Single();
        Assert.That(broken.Appeared.Any(f => f.Rule == "duplicated-effect"), Is.EqualTo(expected), broken.Sentence);
        var mended = (await RunAsync(fixture, "RetriedChargeFixed")).Hypotheses.Single();
        Assert.That(mended.Verdict, Is.EqualTo(VerdictKind.Removed), mended.Sentence);
    }

    // The agent's own tools, over a healthy backend: their requests say whether they act.
    [TestCase("ReservesTwice", "POST", VerdictKind.Changed)]
    [TestCase("ReservesAndLooks", "POST", VerdictKind.Removed)]
    [TestCase("LooksTwice", "GET", VerdictKind.Removed)]
    public async Task The_same_request_again_after_a_success(string driver, string method, VerdictKind expected)
    {
        using var folder = new TempFolder();
        var http = Path.Combine(folder.CopyFixture("order-desk"), "http", "services.json");
        var services = JsonNode.Parse(await File.ReadAllTextAsync(http))!;
        services["responses"]![1]!["method"] = method;
        await File.WriteAllTextAsync(http, services.ToJsonString());
        var verdict = (await Replay.RunAsync(folder.Path, driver, new() { Hypotheses = ["healthy@http"] })).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(expected), $"{verdict.Sentence} {string.Join('\n', verdict.Reasons)}");
        Assert.That(
            verdict.Appeared.Select(f => $"{f.Rule} {f.Role}"),
            Is.EqualTo(expected == VerdictKind.Changed ? ["duplicated-effect check_inventory"] : (string[])[])
        );
    }

    [TestCase(true)]
    [TestCase(false)]
    [TestCase(null)]
    public async Task A_charge_that_is_made_again_is_judged_where_it_is_said_to_be_an_effect(bool? isEffect)
    {
        using var folder = new TempFolder();
        var effects = isEffect is { } known ? new Dictionary<string, bool> { ["charge"] = known } : null;
        var fixture = Authored.Write(folder, "charge", PitfallRuns.Of("RetriedCharge"), effects);
        var (broken, mended) = (await RunAsync(fixture, "RetriedChargeBroken"), await RunAsync(fixture, "RetriedChargeFixed"));
        Assert.That(
            broken.Hypotheses.Single().Appeared.Select(f => f.Rule),
            Is.EqualTo(isEffect == true ? ["duplicated-effect"] : (string[])[])
        );
        Assert.That(mended.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed), mended.Sentence);
    }

    [Test]
    public async Task A_call_that_answers_alone_and_fails_in_the_run_is_a_cause()
    {
        var report = await Replay.RunAsync<BusyConnection>(hypotheses: "healthy@http");
        var verdict = report.Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Changed), report.Sentence);
        Assert.That(
            verdict.Appeared.Select(f => $"{f.Rule} {f.Role} {f.ErrorClass} {f.Kind}"),
            Is.EqualTo(new[] { "healthy-call-failed read_drive_markdown other:InvalidOperationException Cause" })
        );
    }

    // 720 orders in each of three turns; where the second fails, in 4! of its orders, there is no third.
    [TestCase("WideCommuting", 720L * 720 * 720, 0L, 388)]
    [TestCase("WideFirstFinisher", (720L * 696 * 720) + (720 * 24), 720L * 24, 1_618)]
    public async Task Wide_is_exhausted_by_merging(string driver, long represented, long failing, int runs)
    {
        using var folder = new TempFolder();
        var report = await RunAsync(Authored.Write(folder, "wide", PitfallRuns.Of("Wide")), driver);
        var schedules = report.Hypotheses.Single().Schedules;
        Assert.That(
            (schedules.Exhaustive, schedules.Represented, schedules.Failing),
            Is.EqualTo((true, new BigInteger(represented), new BigInteger(failing)))
        );
        // What the rules remember decides how many states are equal: a memory that is wider than its rule needs shows here.
        Assert.That(schedules.Explored, Is.EqualTo(runs));
    }

    private static Task<ReplayReport> RunAsync(string fixture, string driver) =>
        Replay.RunAsync(fixture, driver, new ReplayOptions { Hypotheses = ["captured@tool"] });
}
