using Races;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>The table of the races, the agents and their drivers name the same things.</summary>
public sealed class RaceCasesTests
{
    [Test]
    public void Each_case_has_its_agent_and_each_agent_its_case() =>
        Assert.That(
            from type in typeof(TokenTotal).Assembly.GetExportedTypes()
            select type.Name,
            Is.EquivalentTo(RaceCases.All.Select(c => c.Name).Concat(RaceCases.Calm.Select(c => $"Calm{c.Name}")))
        );

    [Test]
    public void Each_case_has_its_drivers()
    {
        var expected = RaceCases
            .All.SelectMany(c => new[] { $"Race{c.Name}Broken", $"Race{c.Name}Fixed" })
            .Concat(RaceCases.Calm.Select(c => $"Calm{c.Name}Healthy"));
        var types = typeof(RaceCasesTests).Assembly.GetTypes().Where(t => t.IsPublic && t.IsAssignableTo(typeof(IReplayDriver)));
        Assert.That(expected.Except(types.Select(t => t.Name)), Is.Empty);
    }
}
