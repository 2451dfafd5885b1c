using System.Text.Json.Nodes;
using ReplayHarness.Evidence;
using ReplayHarness.Judging;
using ReplayHarness.Reports;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;
using Race = ReplayHarness.Replays.Races;

namespace ReplayHarness.Tests.Replays;

/// <summary>What a team says of its races, and what a gate makes of those that are left.</summary>
public sealed class RacePolicyTests
{
    private static readonly ReplayOptions s_captured = new() { Hypotheses = ["captured@tool"] };

    [Test]
    public async Task A_race_of_which_the_fixture_says_what_orders_it_is_set_aside_with_the_reason()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        await Authored.EditAsync(fixture, json => json["ordered"] = new JsonObject { ["Usage.Tokens"] = "the queue\nhands them on" });
        var report = await Replay.RunAsync(fixture, nameof(RaceTokenTotalBroken), s_captured);
        var verdict = report.Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Removed), verdict.Sentence);
        Assert.That(verdict.Races.Select(r => (r.Race.Shared, r.Weight)), Is.EqualTo([("Usage.Tokens", RaceWeight.Ordered)]));
        Assert.That(ReportText.Of(report), Does.Contain("; set aside by the fixture: the queue\\nhands them on"));
        Assert.That(verdict.Sentence, Does.Not.Contain("remain"));
    }

    [Test]
    public async Task What_is_set_aside_hides_no_other()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        await Authored.EditAsync(fixture, json => json["ordered"] = new JsonObject { ["Usage.Other"] = "it is another" });
        var verdict = (await Replay.RunAsync(fixture, nameof(RaceTokenTotalBroken), s_captured)).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Reproduced), verdict.Sentence);
        Assert.That(verdict.Schedules.Note, Does.Contain("no race is on Usage.Other, which the fixture calls ordered"));
    }

    [Test]
    public async Task Of_two_types_of_one_name_the_full_name_tells_which()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        await Authored.EditAsync(fixture, json => json["ordered"] = new JsonObject { ["Bill.Cents"] = "a lock guards it" });
        var one = (await Replay.RunAsync(fixture, nameof(TwoBillsBroken), s_captured)).Hypotheses.Single();
        Assert.That(one.Verdict, Is.EqualTo(VerdictKind.Reproduced), one.Sentence);
        Assert.That(one.Schedules.Note, Does.Contain("no race is on Bill.Cents, which the fixture calls ordered"));
        var name = $"{typeof(BackDesk).FullName}.Bill.Cents";
        await Authored.EditAsync(fixture, json => json["ordered"] = new JsonObject { [name] = "one cashier pays" });
        var other = (await Replay.RunAsync(fixture, nameof(TwoBillsBroken), s_captured)).Hypotheses.Single();
        Assert.That(other.Verdict, Is.EqualTo(VerdictKind.Removed), other.Sentence);
        Assert.That(other.Races.Select(r => (r.Race.Shared, r.Weight)), Is.EqualTo([(name, RaceWeight.Ordered)]));
    }

    [Test]
    public async Task Where_code_ran_in_an_order_that_is_not_seen_the_report_says_so_and_names_no_race()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var verdict = (await Replay.RunAsync(fixture, nameof(LooseAggregateBroken), s_captured)).Hypotheses.Single();
        Assert.That(verdict.Races, Is.Empty);
        Assert.That(verdict.Schedules.Note, Does.Contain("code ran in an order that is not seen"));
    }

    [Test]
    public async Task What_a_person_says_without_a_reason_is_refused()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        await Authored.EditAsync(fixture, json => json["ordered"] = new JsonObject { ["Usage.Tokens"] = " " });
        Assert.That(
            async () => await Replay.RunAsync(fixture, nameof(RaceTokenTotalBroken), s_captured),
            Throws.Exception.Message.Contains("$.ordered: Usage.Tokens has no reason")
        );
    }

    [Test]
    public async Task A_type_of_a_package_counts_where_the_fixture_calls_it_unsafe()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var before = (await Replay.RunAsync(fixture, nameof(SharedOptionsDriver), s_captured)).Hypotheses.Single();
        Assert.That((before.Verdict, before.Races.Count), Is.EqualTo((VerdictKind.Removed, 0)), before.Sentence);
        await UnsafeAsync("set_MaxOutputTokens", "Temperature");
        var looks = (await Replay.RunAsync(fixture, nameof(SharedOptionsDriver), s_captured)).Hypotheses.Single();
        Assert.That(looks.Races, Is.Empty, "all of them only look");
        await UnsafeAsync("Temperature");
        var verdict = (await Replay.RunAsync(fixture, nameof(SharedOptionsDriver), s_captured)).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Changed), verdict.Sentence);
        Assert.That(verdict.Races.Select(r => (r.Race.Shared, r.Race.Kind)), Is.EqualTo([("ChatOptions", Race.RaceKind.UnsafeSharing)]));

        Task UnsafeAsync(params string[] looks) =>
            Authored.EditAsync(
                fixture,
                json =>
                    json["unsafe"] = new JsonObject
                    {
                        ["Microsoft.Extensions.AI.ChatOptions"] = new JsonArray([.. looks.Select(l => JsonValue.Create(l))]),
                    }
            );
    }

    [Test]
    public async Task So_does_a_type_of_the_runtime()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var before = (await Replay.RunAsync(fixture, nameof(StrangeLibraryDriver), s_captured)).Hypotheses.Single();
        Assert.That((before.Verdict, before.Races.Count), Is.EqualTo((VerdictKind.Removed, 0)), before.Sentence);
        await Authored.EditAsync(fixture, json => json["unsafe"] = new JsonObject { ["System.Net.CookieContainer"] = new JsonArray() });
        var verdict = (await Replay.RunAsync(fixture, nameof(StrangeLibraryDriver), s_captured)).Hypotheses.Single();
        Assert.That(
            verdict.Races.Select(r => (r.Race.Shared, r.Race.Kind)),
            Is.EqualTo([("CookieContainer", Race.RaceKind.UnsafeSharing)])
        );
    }

    [TestCase("List<int>")]
    [TestCase("Acme.Session, Acme")]
    [TestCase("")]
    public async Task A_type_goes_by_its_full_name(string name)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        await Authored.EditAsync(fixture, json => json["unsafe"] = new JsonObject { [name] = new JsonArray() });
        Assert.That(
            async () => await Replay.RunAsync(fixture, nameof(StrangeLibraryDriver), s_captured),
            Throws.Exception.Message.Contains($"$.unsafe: '{name}' is no full name of a type; expected one with its namespace")
        );
    }

    [Test]
    public async Task Removed_says_how_many_races_are_left_and_a_gate_may_refuse_them()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var replays = Path.Combine(folder.Path, "replays");
        folder.Write(Path.Combine("replays", "races", "expected.json"), """{ "fixture": "../../races", "agents": [] }""");

        await VerifyAsync(nameof(RaceTranscriptBroken));
        Assert.That((await GateAsync()).ExitCode, Is.Zero);
        var refused = await GateAsync("--races");
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(
            refused.Errors,
            Does.Contain("races is refused: not removed: a race between two awaits remains on StringBuilder; mend it, or say under")
        );
        Assert.That(refused.Errors.TrimEnd(), Does.EndWith("--races"), "the last line reruns it");

        await VerifyAsync(nameof(RaceTranscriptFixed));
        Assert.That((await GateAsync("--races")).ExitCode, Is.Zero);

        await VerifyAsync(nameof(RaceTranscriptFixed), races: false);
        Assert.That((await GateAsync("--races")).Errors, Does.Contain("no races were looked for when it was verified; verify it again"));

        async Task VerifyAsync(string mended, bool races = true)
        {
            var evidence = await Verification.RunAsync(
                fixture,
                Agent.InAssembly(Replay.Assembly, nameof(RaceTokenTotalBroken)),
                Agent.InAssembly(Replay.Assembly, mended),
                s_captured with
                {
                    Races = races,
                }
            );
            // Without the search the agent as it failed does not fail: that is another test's.
            if (!races)
                evidence = evidence with { Broken = EvidenceFile.Load(Path.Combine(replays, "races"))!.Broken };
            evidence.Save(Path.Combine(replays, "races"));
            var left = mended == nameof(RaceTranscriptBroken);
            Assert.That(
                evidence.Fixed!.Sentence.EndsWith(
                    "One race between two awaits remains, of which no effect was seen.",
                    StringComparison.Ordinal
                ),
                Is.EqualTo(left),
                evidence.Fixed.Sentence
            );
        }

        Task<ToolResult> GateAsync(params string[] options) => Tool.RunAsync(["gate", replays, "--assembly", Replay.Assembly, .. options]);
    }

    [Test]
    public async Task A_schedule_file_names_a_place_by_its_code_and_not_by_its_line()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var verdict = (await Replay.RunAsync(fixture, nameof(RaceTokenTotalBroken), s_captured)).Hypotheses.Single();
        Assert.That(
            (string?)JsonNode.Parse(verdict.Explanation!.Example.ToText())!["preemption"]!["place"],
            Is.EqualTo("TokenTotal writes Usage.Tokens")
        );
    }
}
