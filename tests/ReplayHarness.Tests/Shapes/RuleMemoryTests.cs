using Bogus;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Shapes;

/// <summary>
/// An exploration merges two schedules whose states are equal and whose rules remember the same. So whatever a rule finds after equal
/// futures must be the same: random runs are cut, the times and the order of the past are changed, and where the rule's memory does not see
/// the change, its findings must not either.
/// </summary>
public sealed class RuleMemoryTests
{
    private const int Seed = 20_261_125;
    private const int Runs = 6_000;

    // Fewer would say little.
    private const int FewestPairs = 500;

    private static IEnumerable<TestCaseData> Rules() => RuleTable.All.Select(r => new TestCaseData(r.Name).SetArgDisplayNames(r.Name));

    private static IEnumerable<TestCaseData> Remembering() =>
        RuleTable
            .All.Where(r => r.Kind != FindingKind.Observation && r.Memory != RuleMemories.None)
            .Select(r => new TestCaseData(r.Name).SetArgDisplayNames(r.Name));

    [TestCaseSource(nameof(Rules))]
    public void Equal_memories_and_equal_futures_give_equal_findings(string name)
    {
        var rule = RuleTable.Find(name)!;
        var (pairs, different) = Compare(rule, rule.Memory);
        Assert.That(different, Is.Null);
        Assert.That(pairs, Is.GreaterThan(FewestPairs));
    }

    [TestCaseSource(nameof(Remembering))]
    public void A_rule_that_remembers_needs_it(string name) =>
        Assert.That(Compare(RuleTable.Find(name)!, RuleMemories.None).Different, Is.Not.Null);

    // How many pairs of pasts the memory takes for equal, and the first that ends with different findings.
    private static (int Pairs, string? Different) Compare(Rule rule, RuleMemory memory)
    {
        var pairs = 0;
        for (var seed = 0; seed < Runs; seed++)
        {
            var random = new Randomizer(Seed + seed);
            var run = RandomRun.New(random);
            var now = run.AnyMoment(random);
            var other = run.WithAnotherPast(random, now);
            if (other.Calls.SequenceEqual(run.Calls) || !Words(memory, run, now).SequenceEqual(Words(memory, other, now)))
                continue;
            pairs++;
            var (expected, found) = (run.Identities(rule), other.Identities(rule));
            if (expected != found)
                return (pairs, $"cut at {now} ms: {expected} or {found}\n{run}\n\n{other}");
        }
        return (pairs, null);
    }

    private static List<string> Words(RuleMemory memory, RandomRun run, long now)
    {
        var past = run.Before(now);
        var words = new Words();
        foreach (var call in past.OrderBy(c => c.Facts))
        {
            words.Add((long)call.Facts);
            words.Add(call.End is null ? call.Start.Ticks : -1);
        }
        // What the classes of errors need is remembered whatever the rule.
        OwnDeadlines.Memory(new RunSoFar(past), words);
        memory(new RunSoFar(past), words);
        return words.All;
    }
}

/// <summary>Keeps what a rule remembers.</summary>
internal sealed class Words : IMemory
{
    public List<string> All { get; } = [];

    public void Add(long value) => All.Add($"{value}");

    public void Add(string? text) => All.Add($"'{text}'");
}
