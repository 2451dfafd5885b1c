#pragma warning disable NUnit2009 // Two calls of one expression are what is compared.
using System.Globalization;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Tests.Replays;

/// <summary>What each strategy chooses, on a small space: operations in flight that answer one by one.</summary>
public sealed class StrategiesTests
{
    private static readonly Choice[] s_three = [.. "abc".Select((name, i) => new Choice($"{name}#1", 10 * (i + 1), false, $"{name}"))];

    [Test]
    public void Depth_first_runs_every_order_once()
    {
        var strategy = new DepthFirst();
        var orders = All(strategy, s_three);
        Assert.That(orders, Is.EqualTo(new[] { "abc", "acb", "bac", "bca", "cab", "cba" }));
        Assert.That((strategy.IsFinished, strategy.Total.Count), Is.EqualTo((true, 6)));
    }

    [Test]
    public void Depth_first_with_equal_states_merged_counts_all_and_runs_few()
    {
        // What is left decides all that follows; the outcome is which came last.
        Choice[] four = [.. s_three, new Choice("d#1", 40, false, "d")];
        var strategy = new DepthFirst(merge: true);
        var runs = All(strategy, four, order => order[^1..], StateOf);
        Assert.That(strategy.Total.Keys.Order(StringComparer.Ordinal), Is.EqualTo(new[] { "a", "b", "c", "d" }));
        Assert.That(strategy.Total.Values, Has.All.EqualTo(new System.Numerics.BigInteger(6)));
        Assert.That(runs, Has.Count.LessThan(24));
    }

    [Test]
    public void Depth_first_does_not_merge_where_states_cannot_be_told()
    {
        var strategy = new DepthFirst(merge: true);
        Assert.That(All(strategy, s_three, order => order[^1..], static _ => null), Has.Count.EqualTo(6));
    }

    [Test]
    public void Depth_first_below_a_prefix_explores_that_part_only()
    {
        Assert.That(All(new DepthFirst(prefix: [1]), s_three), Is.EqualTo(new[] { "bac", "bca" }));
    }

    [Test]
    public void Depth_first_tells_how_far_it_is()
    {
        var strategy = new DepthFirst();
        Run(strategy, s_three, o => o, null, 3);
        Assert.That(strategy.Fraction, Is.EqualTo(0.5).Within(1e-9));
        Assert.That(strategy.SoFar().Count, Is.EqualTo(3));
    }

    [Test]
    public void What_is_drawn_from_a_merged_space_is_every_schedule_alike()
    {
        Choice[] four = [.. s_three, new Choice("d#1", 40, false, "d")];
        var merged = new DepthFirst(merge: true);
        All(merged, four, order => order[^1..], StateOf);
        var drawn = new Predicted(merged.First, 1, 2_400);
        var orders = All(drawn, four, order => order[^1..], StateOf).CountBy(o => o).ToDictionary();
        Assert.That(drawn.IsWrong, Is.False);
        Assert.That(orders, Has.Count.EqualTo(24));
        Assert.That(orders.Values, Has.All.InRange(60, 140));
    }

    // Who came first is remembered where the hash does not see it, and decides at the end.
    [TestCase(false)]
    [TestCase(true)]
    public void States_that_were_merged_and_are_not_equal_are_noticed(bool seesFirst)
    {
        var first = "";
        UInt128? State(IReadOnlyList<Choice> left) => (UInt128)(256 * left.Count + (seesFirst && first.Length > 0 ? first[0] : 0));
        var remembering = new Remembering(new DepthFirst(merge: true), label => first = label);
        All(remembering, s_three, order => order[..1], State);
        var drawn = new Predicted(((DepthFirst)remembering.Inner).First, 1, 90);
        All(new Remembering(drawn, label => first = label), s_three, order => order[..1], State);
        Assert.That(drawn.IsWrong, Is.EqualTo(!seesFirst));
    }

    private sealed class Remembering(IStrategy inner, Action<string> onFirst) : IStrategy
    {
        private bool _hasFirst;

        public IStrategy Inner => inner;

        public void Begin()
        {
            _hasFirst = false;
            onFirst("");
            inner.Begin();
        }

        public int Choose(Decision decision)
        {
            var chosen = inner.Choose(decision);
            if (!_hasFirst && chosen >= 0)
                onFirst(decision.Enabled[chosen].Label);
            _hasFirst = true;
            return chosen;
        }

        public bool Next(string? outcome) => inner.Next(outcome);
    }

    [Test]
    public void Captured_order_takes_what_is_due_first() =>
        Assert.That(All(new CapturedOrder(), [s_three[1], s_three[0], s_three[2]]), Is.EqualTo(new[] { "abc" }));

    [TestCase(0, "abc")]
    [TestCase(1, "abc acb bac cab")]
    [TestCase(2, "abc acb bac bca cab cba")]
    public void Few_departures_are_all_schedules_so_near_to_the_captured_one(int most, string expected) =>
        Assert.That(string.Join(' ', All(new FewDepartures(most), s_three).Order(StringComparer.Ordinal)), Is.EqualTo(expected));

    [TestCase(1, 1 + (2 * 5))]
    [TestCase(2, 1 + (2 * 5) + (5 * 5))]
    public void Faults_are_placed_in_every_way(int most, int expected)
    {
        var strategy = new Faults(most);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var runs = 0;
        do
        {
            strategy.Begin();
            seen.Add($"{strategy.FaultOf("x")} {strategy.FaultOf("y")}");
            runs++;
        } while (strategy.Next(""));
        Assert.That((runs, seen.Count), Is.EqualTo((expected, expected)));
        Assert.That(seen, Has.One.EqualTo("None None"));
    }

    [Test]
    public void A_weighted_walk_draws_interleavings_of_chains_alike()
    {
        // Chain x has three operations, chain y one: of the four interleavings y is first in one.
        var left = new Dictionary<string, int> { ["x#1"] = 3, ["y#1"] = 1 };
        Choice[] enabled = [new("x#1", 1, false, "x"), new("y#1", 1, false, "y")];
        var strategy = new WeightedWalk(7, 20_000, left);
        var first = 0;
        do
        {
            strategy.Begin();
            first += strategy.Choose(Of(enabled, null));
        } while (strategy.Next(""));
        Assert.That(first / 20_000.0, Is.EqualTo(0.25).Within(0.02));
    }

    [Test]
    public void Random_strategies_repeat_with_their_seed_and_end_after_their_number()
    {
        Func<ulong, IStrategy>[] all =
        [
            seed => new WeightedWalk(seed, 30, new Dictionary<string, int>()),
            seed => new Pct(seed, 30, 2, 3),
            seed => new Jitter(seed, 30, 90),
        ];
        foreach (var make in all)
        {
            Assert.That(All(make(1), s_three), Has.Count.EqualTo(30));
            Assert.That(All(make(1), s_three), Is.EqualTo(All(make(1), s_three)));
        }
        Assert.That(All(all[0](1), s_three), Is.Not.EqualTo(All(all[0](2), s_three)));
        Assert.That(All(all[1](1), s_three), Is.Not.EqualTo(All(all[1](2), s_three)));
    }

    [Test]
    public void Pct_follows_one_chain_until_it_falls()
    {
        // Depth 1: no change of priorities, so one chain goes first throughout, and each does in some schedule.
        Choice[] chains = [new("x#1", 1, false, "x"), new("y#1", 1, false, "y"), new("x#2", 1, false, "x"), new("y#2", 1, false, "y")];
        var orders = All(new Pct(3, 60, 1, 4), chains).Distinct().Order(StringComparer.Ordinal);
        Assert.That(orders, Is.EqualTo(new[] { "xxyy", "yyxx" }));
        Assert.That(All(new Pct(3, 200, 2, 3), chains).Distinct().Count(), Is.GreaterThan(2));
    }

    [Test]
    public void Jitter_stays_within_its_percent_and_uses_all_of_it()
    {
        var strategy = new Jitter(5, 1, 20);
        strategy.Begin();
        var latencies = Enumerable.Range(0, 5_000).Select(_ => strategy.Latency(TimeSpan.FromSeconds(10)).TotalSeconds).ToArray();
        Assert.That((latencies.Min(), latencies.Max()), Is.EqualTo((8.0, 12.0)).Within(0.05));
        Assert.That(latencies.Average(), Is.EqualTo(10).Within(0.1));
    }

    [Test]
    public void What_is_recorded_can_be_followed()
    {
        var recorded = new Recorded(new DepthFirst(prefix: [2, 1]));
        var order = Run(recorded, s_three, o => o, null, 1).Single();
        Assert.That((order, recorded.Departures, string.Join(",", recorded.Choices)), Is.EqualTo(("cba", 2, "2,1")));
        Assert.That(recorded.Steps.Select(s => s.Chosen), Is.EqualTo(new[] { "c#1", "b#1", "a#1" }));
        var followed = new Followed(recorded.Steps);
        Assert.That(All(followed, s_three), Is.EqualTo(new[] { "cba" }));
        Assert.That(followed.Difference, Is.Null);
    }

    [Test]
    public void A_followed_schedule_says_where_it_was_left()
    {
        var recorded = new Recorded(new CapturedOrder());
        Run(recorded, s_three, o => o, null, 1);
        var shorter = new Followed(recorded.Steps);
        Run(shorter, s_three[..2], o => o, null, 1);
        Assert.That(shorter.Difference, Does.StartWith("step 1: expected at 0 s {a#1, b#1, c#1}; actual at 0 s {a#1, b#1}"));
        var ended = new Followed([.. recorded.Steps, recorded.Steps[^1] with { Step = 4 }]);
        Run(ended, s_three, o => o, null, 1);
        Assert.That(ended.Difference, Is.EqualTo("step 4: expected c#1; actual: the replay ended after step 3"));
    }

    private static List<string> All(
        IStrategy strategy,
        Choice[] operations,
        Func<string, string>? outcome = null,
        Func<IReadOnlyList<Choice>, UInt128?>? state = null
    ) => Run(strategy, operations, outcome ?? (o => o), state, int.MaxValue);

    // As the kernel does it: everything is in flight from the start, and what is chosen leaves.
    private static List<string> Run(
        IStrategy strategy,
        Choice[] operations,
        Func<string, string> outcome,
        Func<IReadOnlyList<Choice>, UInt128?>? state,
        int most
    )
    {
        var orders = new List<string>();
        bool more;
        do
        {
            strategy.Begin();
            var (order, pruned) = Once(strategy, [.. operations], state);
            orders.Add(order);
            more = strategy.Next(pruned ? null : outcome(order));
        } while (more && orders.Count < most);
        return orders;
    }

    private static (string Order, bool Pruned) Once(IStrategy strategy, List<Choice> left, Func<IReadOnlyList<Choice>, UInt128?>? state)
    {
        var order = "";
        left = [.. left.Select(c => c with { DueTicks = strategy.Latency(TimeSpan.FromTicks(c.DueTicks * 1_000)).Ticks })];
        while (left.Count > 0)
        {
            var chosen = left.Count == 1 && !strategy.SeesForcedSteps ? 0 : strategy.Choose(Of([.. left], state));
            if (chosen < 0)
                return (order, chosen == Decision.Prune);
            order += left[chosen].Label[0];
            left.RemoveAt(chosen);
        }
        return (order, false);
    }

    private static Decision Of(IReadOnlyList<Choice> enabled, Func<IReadOnlyList<Choice>, UInt128?>? state) =>
        new(enabled, static () => 0, () => state?.Invoke(enabled));

    private static UInt128? StateOf(IReadOnlyList<Choice> left) =>
        UInt128.Parse(string.Concat(left.Select(c => (int)c.Label[0])), CultureInfo.InvariantCulture);
}
