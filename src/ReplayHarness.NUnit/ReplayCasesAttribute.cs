using System.Runtime.CompilerServices;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;
using ReplayHarness.Running;

namespace ReplayHarness.NUnit;

/// <summary>
/// Makes one test of each verdict that <c>expected.json</c> beside the test's source file states: for each agent, one per hypothesis and one over all.
/// The method takes a <see cref="ReplayCase"/>. Each test is of the categories <c>replay</c>, the incident's name and the hypothesis.
/// </summary>
/// <param name="sourceFile">The test's source file; the compiler fills it in.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReplayCasesAttribute([CallerFilePath] string sourceFile = "") : NUnitAttribute, ITestBuilder, IImplyFixture
{
    /// <summary>The test's source file, beside which <c>expected.json</c> lies.</summary>
    public string SourceFile { get; } = sourceFile;

    /// <summary>Only this agent; null for all.</summary>
    public string? Agent { get; init; }

    /// <summary>Only one test an agent, over all hypotheses.</summary>
    public bool TogetherOnly { get; init; }

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

    private IEnumerable<ReplayCase> Cases(IMethodInfo method)
    {
        var expected = Expectations.Load(Path.Combine(Path.GetDirectoryName(SourceFile)!, Expectations.FileName));
        foreach (var agent in expected.Agents.Where(a => Agent is null || a.Agent == Agent))
        {
            var job = new ReplayJob
            {
                Fixture = expected.FixturePath,
                Assembly = method.TypeInfo.Assembly.Location,
                Driver = agent.Driver,
            };
            foreach (var hypothesis in TogetherOnly ? [] : agent.Hypotheses.Keys)
                yield return new(job, agent, hypothesis);
            yield return new(job, agent, null);
        }
    }
}
