using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;
using ReplayHarness.Fixtures;
using ReplayHarness.Running;
using Test = NUnit.Framework.Internal.Test;

namespace ReplayHarness.NUnit;

/// <summary>
/// Makes one test of each verdict that <c>expected.json</c> beside the test's source file states: for each agent, one per hypothesis and
/// one over all. The method takes a <see cref="ReplayCase"/>. Each test is of the categories <c>replay</c>, the incident's name and the
/// hypothesis.
/// </summary>
/// <param name="sourceFile">The test's source file.</param>
[AttributeUsage(AttributeTargets.Method)]
public abstract class CasesAttribute(string sourceFile) : NUnitAttribute, ITestBuilder, IImplyFixture
{
    /// <summary>The test's source file, beside which <c>expected.json</c> lies.</summary>
    public string SourceFile { get; } = sourceFile;

    /// <summary>Only this agent; null for all.</summary>
    public string? Agent { get; init; }

    /// <summary>Only one test an agent, over all hypotheses.</summary>
    public bool TogetherOnly { get; init; }

    /// <summary>
    /// Which schedules, as <see cref="ReplayHarness.Running.Schedules.Parse"/> reads them: <c>all</c>, <c>captured</c>, <c>1000</c>,
    /// <c>1000 pct:3</c>, …
    /// </summary>
    public string Schedules { get; init; } = "all";

    /// <summary>The seed of random schedules.</summary>
    public ulong Seed { get; init; }

    /// <summary>The most schedules that are explored for one hypothesis; above 0.</summary>
    public int Budget { get; init; } = ReplayHarness.Running.Budget.Default.Schedules;

    /// <summary>The longest that one hypothesis is explored, in seconds of real time; 0 for no bound.</summary>
    public double BudgetSeconds { get; init; }

    /// <summary>Whether a call with other arguments than captured takes what the nearest did; the verdict says so.</summary>
    public bool AcceptDrift { get; init; }

    /// <summary>What becomes of a call that nothing matches.</summary>
    public MismatchPolicy OnMismatch { get; init; } = MismatchPolicy.Fail;

    /// <inheritdoc/>
    public IEnumerable<TestMethod> BuildFrom(IMethodInfo method, Test? suite)
    {
        var builder = new NUnitTestCaseBuilder();
        foreach (var replay in Cases(method))
        {
            var test = builder.BuildTestMethod(method, suite, new TestCaseParameters([replay]) { TestName = $"{method.Name}({replay})" });
            if (Rerun.ProjectOf(SourceFile) is { } project)
                test.Properties.Set(Rerun.ProjectProperty, project);
            foreach (var category in (string?[])["replay", Path.GetFileName(replay.Job.Fixture), replay.Hypothesis])
                if (category is not null)
                    test.Properties.Add(PropertyNames.Category, category);
            yield return test;
        }
    }

    /// <summary>The agent that one of <c>expected.json</c> stands for.</summary>
    /// <param name="expected">What is expected of it.</param>
    /// <param name="method">The test method.</param>
    internal abstract Agent AgentOf(ExpectedAgent expected, IMethodInfo method);

    private IEnumerable<ReplayCase> Cases(IMethodInfo method)
    {
        var expected = Expectations.Load(Path.Combine(Path.GetDirectoryName(SourceFile)!, Expectations.FileName));
        var options = OptionsOf();
        foreach (var agent in expected.Agents.Where(a => Agent is null || a.Agent == Agent))
        {
            var replayed = AgentOf(agent, method);
            var job = replayed.JobOf(expected.FixturePath, options);
            foreach (var hypothesis in TogetherOnly ? [] : agent.Hypotheses.Keys)
                yield return new(replayed, job, agent, hypothesis);
            yield return new(replayed, job, agent, null);
        }
    }

    private ReplayOptions OptionsOf() =>
        new()
        {
            Schedules = ReplayHarness.Running.Schedules.Parse(Schedules),
            Seed = Seed,
            Budget = new() { Schedules = Budget, Time = BudgetSeconds == 0 ? null : TimeSpan.FromSeconds(BudgetSeconds) },
            Matching = new(AcceptDrift, OnMismatch),
        };
}
