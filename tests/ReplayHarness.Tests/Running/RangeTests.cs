using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Running.Ranges;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Running;

/// <summary>The schedules of one job, divided into ranges that are judged together.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RangeTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private string _fixture = "";
    private string _driver = "";
    private ReplayOptions _options = new();

    public void Dispose() => _folder.Dispose();

    [TestCase("LeakedOrder", nameof(LeakedOrderBroken), "50", 3, 0)]
    [TestCase("LeakedOrder", nameof(LeakedOrderBroken), "50 pct:2", 4, 7)]
    [TestCase("LeakedOrder", nameof(LeakedOrderBroken), "60 jitter:20", 2, 3)]
    [TestCase("LeakedOrder", nameof(LeakedOrderFixed), "3", 5, 0)]
    [TestCase("TwoThenSix", nameof(FailsByTheFirstTurnButOnce), "300", 3, 1)]
    [TestCase("CrossedLocks", nameof(CrossedLocksEndless), "20", 2, 0)]
    public async Task Random_schedules_in_ranges_show_what_they_show_at_once(
        string pitfall,
        string driver,
        string schedules,
        int count,
        int seed
    )
    {
        Choose(pitfall, driver, new ReplayOptions { Schedules = Schedules.Parse(schedules), Seed = (ulong)seed });
        var ranges = await RangesAsync(count);
        int[] runs = [.. ranges.Select(r => r.Single().Shown!.Runs)];
        Assert.That(runs.Sum(), Is.EqualTo(int.Parse(schedules.Split(' ')[0], CultureInfo.InvariantCulture)));
        Assert.That(runs.Max() - runs.Min(), Is.LessThanOrEqualTo(1));
        await ExpectSameAsync(ranges);
    }

    [TestCase("Six", nameof(FailsByTheThird), 3)]
    [TestCase("Six", nameof(FailsInOneOrder), 2)]
    [TestCase("TwoThenSix", nameof(FailsByTheFirstTurn), 4)]
    public async Task All_schedules_one_by_one_are_divided(string pitfall, string driver, int count)
    {
        Choose(pitfall, driver, new());
        // Calls are compared without bound, so that no states are merged.
        await Authored.EditAsync(_fixture, json => json["promoted"] = new JsonArray("repeated-call"));
        var ranges = await RangesAsync(count);
        var all = pitfall == "Six" ? 720 : 1440;
        int[] runs = [.. ranges.Select(r => r.Single().Shown!.Runs)];
        Assert.That(runs.Sum(), Is.EqualTo(all));
        Assert.That(runs.Max(), Is.LessThan(all * 3 / 2 / count));
        await ExpectSameAsync(ranges);
    }

    [Test]
    public async Task Orders_of_work_items_are_divided()
    {
        Choose("LeakedOrder", nameof(FragileItems), new ReplayOptions { Schedules = Schedules.AllWithItems });
        await ExpectSameAsync(await RangesAsync(2));
    }

    [TestCase("LeakedOrder", nameof(LeakedOrderBroken))]
    [TestCase("Six", nameof(FailsByTheThird))]
    public async Task What_is_small_or_merged_is_explored_by_whoever_merges(string pitfall, string driver)
    {
        Choose(pitfall, driver, new());
        var ranges = await RangesAsync(2);
        Assert.That(ranges.SelectMany(r => r).Select(h => h.Shown), Is.All.Null);
        await ExpectSameAsync(ranges);
    }

    [Test]
    public async Task An_order_without_end_is_told_as_at_once()
    {
        (_fixture, _driver) = (Data.Fixture, nameof(TicksWhenOvertaken));
        _options = new() { Hypotheses = ["captured@tool"], Schedules = Schedules.Random(9) };
        await ExpectSameAsync(await RangesAsync(3));
    }

    [Test]
    public async Task A_range_alone_establishes_nothing()
    {
        Choose("LeakedOrder", nameof(LeakedOrderFixed), new ReplayOptions { Schedules = Schedules.Random(50) });
        var report = await RunAsync(_options with { Range = new(1, 2) });
        Assert.That(
            (report.Verdict, report.Sentence),
            Is.EqualTo((VerdictKind.NotEstablished, "Nothing is shown either way: only range 1/2 of its schedules ran."))
        );
    }

    // Another machine, another replay: the agent reads what is not controlled.
    [Test]
    public async Task What_goes_otherwise_where_it_is_merged_establishes_nothing()
    {
        Choose("LeakedOrder", nameof(LeakedOrderFixed), new ReplayOptions { Schedules = Schedules.Random(50) });
        var ranges = await RangesAsync(2);
        var shown = ranges[1][0].Shown!;
        var outcome = shown.Outcomes[0];
        (string, RangeShown?)[] changes =
        [
            ("run again where the ranges were merged", shown with { Outcomes = [outcome with { Log = outcome.Log + 1 }] }),
            ("run again where the ranges were merged", shown with { Outcomes = [outcome with { Hash = "0" }] }),
            ("run again where the ranges were merged", shown with { Checks = [shown.Checks[^1] with { Log = 1 }] }),
            ("the captured schedule was another replay", shown with { Captured = shown.Captured + 1 }),
            ("its clock is not the machine's", shown with { Doubts = ["uncontrolled: its clock is not the machine's"] }),
            ("some of its ranges could be run, and some could not", null),
        ];
        List<string> overlooked = [];
        foreach (var (message, changed) in changes)
        {
            // The first range has the first schedule of each outcome: it is to be the one that is changed.
            IReadOnlyList<HypothesisRange>[] others =
                changed?.Outcomes[0] is { } o && o != outcome
                    ?
                    [
                        [new("captured@tool", changed with { Outcomes = [o with { First = [0] }] })],
                        [ranges[0][0]],
                    ]
                    : [ranges[0], [new("captured@tool", changed)]];
            var report = await RunAsync(_options with { Others = others });
            if (
                report.Verdict != VerdictKind.NotEstablished
                || !report.Hypotheses[0].Reasons.Any(r => r.Contains(message, StringComparison.Ordinal))
            )
                overlooked.Add($"{message}: {report.Sentence}");
        }
        Assert.That(overlooked, Is.Empty);
        Assert.That((await RunAsync(_options with { Others = ranges })).Verdict, Is.EqualTo(VerdictKind.Removed));
    }

    [Test]
    public async Task What_was_divided_and_is_small_where_it_is_merged_establishes_nothing()
    {
        Choose("LeakedOrder", nameof(LeakedOrderFixed), new ReplayOptions { Schedules = Schedules.Random(50) });
        var ranges = await RangesAsync(2);
        var report = await RunAsync(_options with { Others = ranges, Schedules = Schedules.All });
        Assert.That(report.Hypotheses[0].Reasons, Has.One.Contains("there were more schedules than where they were merged"));
    }

    [Test]
    public async Task A_range_that_its_budget_cut_says_so()
    {
        Choose("LeakedOrder", nameof(LeakedOrderFixed), new ReplayOptions { Schedules = Schedules.Random(50) });
        var report = await RunAsync(
            _options with
            {
                Range = new(1, 2),
                Budget = new() { Schedules = 5 },
            }
        );
        Assert.That(report.Ranges!.Single().Shown, Has.Property("IsWhole").False.And.Property("Runs").EqualTo(5));
    }

    private void Choose(string pitfall, string driver, ReplayOptions options)
    {
        _fixture = Authored.Write(_folder, "pitfall", PitfallRuns.Of(pitfall));
        _driver = driver;
        _options = options with { Hypotheses = ["captured@tool"] };
    }

    private async Task<IReadOnlyList<HypothesisRange>[]> RangesAsync(int count)
    {
        List<IReadOnlyList<HypothesisRange>> ranges = [];
        for (var i = 1; i <= count; i++)
            ranges.Add((await RunAsync(_options with { Range = new(i, count) })).Ranges!);
        return [.. ranges];
    }

    private async Task ExpectSameAsync(IReadOnlyList<HypothesisRange>[] ranges)
    {
        var once = await RunAsync(_options);
        var together = await RunAsync(_options with { Others = ranges });
        Assert.That(Text(together), Is.EqualTo(Text(once)));
    }

    private Task<ReplayReport> RunAsync(ReplayOptions options) => Replay.RunAsync(_fixture, _driver, options);

    private static string Text(ReplayReport report) => JsonSerializer.Serialize(report, ReportJson.Indented.ReplayReport);
}
