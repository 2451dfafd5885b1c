using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Races;
using ReplayHarness.Reports;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Replays;

/// <summary>What a race does to a verdict, and how it is told.</summary>
public sealed class RacePassTests
{
    private static readonly string[] s_captured = ["captured@tool"];

    [Test]
    public async Task A_confirmed_race_is_explained_with_both_places_and_its_schedule_shows_it_again()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var verdict = await RunAsync(fixture, nameof(RaceTokenTotalBroken));
        Assert.That(verdict.Races, Has.One.Property(nameof(JudgedRace.Weight)).EqualTo(RaceWeight.Confirmed));
        Assert.That(
            $"{verdict.Races[0]}",
            Does.Match(
                @"^Usage\.Tokens: TokenTotal \(Counting\.cs:\d+\) writes it after fetch#1, and TokenTotal \(Counting\.cs:\d+\) writes it "
                    + "after fetch#2; nothing puts them in order, and it goes wrong where the first is stopped just before until fetch#2 "
                    + "has answered$"
            )
        );
        ShowsIn(verdict.Explanation!.Trace!, verdict.Explanation.Races.Single());
        ShowsIn(verdict.Trace!, verdict.Races.Single(r => r.IsInCapturedOrder).Race);
        var file = folder.Write("s.json", verdict.Explanation!.Example.ToText());
        var again = await Replay.RunAsync(fixture, nameof(RaceTokenTotalBroken), new() { Schedules = Schedules.FromFile(file) });
        Assert.That(Replay.Line(again), Does.StartWith("captured@tool reproduced 1/1"));
        var mended = await Replay.RunAsync(fixture, nameof(RaceTokenTotalFixed), new() { Schedules = Schedules.FromFile(file) });
        Assert.That(mended.Verdict, Is.EqualTo(VerdictKind.Diverged), "the mended agent is never at that place");
    }

    [Test]
    public async Task The_same_race_is_told_in_the_same_words_each_time()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        HashSet<string> texts = new(StringComparer.Ordinal);
        for (var i = 0; i < 5; i++)
            texts.Add(ReportText.Of(await Replay.RunAsync(fixture, nameof(RaceFlagBeforeDataBroken), new() { Hypotheses = s_captured })));
        Assert.That(texts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_the_search_a_race_is_not_seen()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var off = await RunAsync(fixture, nameof(RaceTokenTotalBroken), new() { Hypotheses = s_captured, Races = false });
        Assert.That((off.Verdict, off.Races.Count), Is.EqualTo((VerdictKind.Removed, 0)));
        var only = await RunAsync(fixture, nameof(RaceTokenTotalBroken), new() { Hypotheses = s_captured, Schedules = Schedules.Races });
        Assert.That(only.Verdict, Is.EqualTo(VerdictKind.Reproduced), only.Sentence);
        Assert.That(only.Schedules.Exhaustive, Is.False);
    }

    [Test]
    public async Task A_budget_of_schedules_that_is_used_up_leaves_no_race_untried()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var sample = new ReplayOptions
        {
            Hypotheses = s_captured,
            Schedules = Schedules.Random(20),
            Budget = new() { Schedules = 20 },
        };
        Assert.That((await RunAsync(fixture, nameof(RaceTokenTotalBroken), sample)).Verdict, Is.EqualTo(VerdictKind.Reproduced));
    }

    [Test]
    public async Task Two_in_one_object_at_once_are_another_failure_though_no_schedule_goes_wrong()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var verdict = await RunAsync(fixture, nameof(RaceReportInJsonBroken));
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Changed), verdict.Sentence);
        Assert.That(verdict.Appeared.Select(f => (f.Rule, f.ErrorClass)), Is.EqualTo([("unsafe-sharing", "JsonNode")]));
    }

    [Test]
    public async Task What_is_made_once_and_only_read_then_is_no_race()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var verdict = await RunAsync(fixture, nameof(CalmTablesDriver));
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Removed), verdict.Sentence);
        Assert.That(verdict.Races, Is.Empty);
    }

    [TestCase(nameof(StrangeReadLockBroken), VerdictKind.Changed)]
    [TestCase(nameof(StrangeStructBroken), VerdictKind.Removed, true)]
    [TestCase(nameof(StrangeElementBroken), VerdictKind.Reproduced)]
    [TestCase(nameof(StrangeReadersHealthy), VerdictKind.Removed)]
    [TestCase(nameof(StrangeRandomHealthy), VerdictKind.Removed)]
    [TestCase(nameof(StrangeThreadsHealthy), VerdictKind.Removed)]
    [TestCase(nameof(StrangeMemoryHealthy), VerdictKind.Removed)]
    [TestCase(nameof(StrangeReferenceBroken), VerdictKind.Removed, true)]
    [TestCase(nameof(StrangeReferenceHealthy), VerdictKind.Removed)]
    [TestCase(nameof(StrangeCancelHealthy), VerdictKind.Removed)]
    [TestCase(nameof(StrangeTypesHealthy), VerdictKind.Removed)]
    public async Task What_strangers_wrote(string driver, VerdictKind expected, bool told = false)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var verdict = await RunAsync(fixture, driver);
        Assert.That(verdict.Verdict, Is.EqualTo(expected), verdict.Sentence);
        Assert.That(verdict.Races, expected == VerdictKind.Removed && !told ? Is.Empty : Is.Not.Empty);
    }

    [Test]
    public async Task What_is_documented_as_not_safe_for_two_is_told_of_each_type()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "races", RaceRuns.Turn());
        var verdict = await RunAsync(fixture, nameof(StrangeTypesBroken));
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Changed), verdict.Sentence);
        Assert.That(verdict.Races.Select(r => r.Race.Shared).Distinct(), Is.SupersetOf(StrangeTypesBroken.Names));
    }

    [Test]
    public async Task The_incident_names_the_field_that_both_reads_share()
    {
        var shipped = await Replay.RunAsync<Shipped>(null, "all", "healthy@http");
        Assert.That(
            shipped.Hypotheses.Single().Races.Select(r => (r.Race.Shared, r.Weight)),
            Is.EqualTo([("DriveConnection._slot", RaceWeight.Untried)])
        );
        string[] lines = ["DriveConnection.cs:22  _slot = slot;", "DriveConnection.cs:32  if (_slot?.Path == path)"];
        Assert.That(shipped.Hypotheses.Single().Races.Single().Quotes(), Is.EqualTo(lines));
        Assert.That(ReportText.Of(shipped), Does.Contain(string.Concat(lines.Select(line => $"    {line}\n"))));
        Assert.That(ReportText.Verdicts(shipped), Does.Not.Contain("_slot = slot"), "a snapshot is the same without the sources");
        var mended = await Replay.RunAsync<RaceRemoved>(null, "all", "healthy@http");
        Assert.That(mended.Hypotheses.Single().Races, Is.Empty);
    }

    [Test]
    public async Task So_it_does_where_each_read_has_a_thread_and_awaits_nothing()
    {
        var shipped = await Replay.RunAsync<Threaded>(null, "all", "healthy@http");
        Assert.That(shipped.Hypotheses.Single().Races.Select(r => r.Race.Shared), Does.Contain("BlockingDriveConnection._awaited"));
        var mended = await Replay.RunAsync<ThreadedIsolated>(null, "all", "healthy@http");
        Assert.That(mended.Hypotheses.Single().Races, Is.Empty);
    }

    // Both accesses are on the calls after whose answers they ran, at the time of those answers or later.
    private static void ShowsIn(Trace trace, Race race)
    {
        foreach (var access in (RaceAccess[])[race.First, race.Second])
        {
            var served = trace.Spans.Single(s => s.SpanId == access.Span);
            var begin = trace.Spans.Min(s => s.StartNanos);
            Assert.That(served.Name, Is.EqualTo("fetch"));
            Assert.That(access.Seconds, Is.GreaterThanOrEqualTo((served.EndNanos - begin) / 1e9));
            Assert.That(access.Source, Does.Contain("Tokens"));
        }
        Assert.That(race.First.Span, Is.Not.EqualTo(race.Second.Span));
    }

    private static async Task<HypothesisVerdict> RunAsync(string fixture, string driver, ReplayOptions? options = null) =>
        (await Replay.RunAsync(fixture, driver, options ?? new() { Hypotheses = s_captured })).Hypotheses.Single();
}
