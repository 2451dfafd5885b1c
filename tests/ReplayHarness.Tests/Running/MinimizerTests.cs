using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Running;

/// <summary>The smallest fixture shows the same failure, and only for agents that have it.</summary>
public sealed class MinimizerTests
{
    [Test]
    public async Task The_incident_becomes_one_attempt_with_the_two_reads()
    {
        using var folder = new TempFolder();
        var small = Path.Combine(folder.Path, "small");
        var minimized = await new Minimizer(Data.Fixture, Agent.Of<Shipped>()).WriteAsync(small);
        Assert.That((minimized.Attempts, minimized.Calls), Is.EqualTo(((4, 1), (12, 2))));
        Assert.That(
            FixtureFolder.Load(small).Fixture.Behaviours.Select(b => b.Tool),
            Is.EqualTo(new[] { "read_drive_markdown", "read_drive_markdown" })
        );
        Assert.That((await Replay.RunAsync<Shipped>(small)).Verdict, Is.EqualTo(VerdictKind.Reproduced));
        Assert.That((await Replay.RunAsync<RaceRemoved>(small)).Verdict, Is.EqualTo(VerdictKind.CauseRemoved));
        Assert.That((await Replay.RunAsync<CatchAdded>(small)).Verdict, Is.EqualTo(VerdictKind.SymptomRemoved));
    }

    [Test]
    public async Task Calls_that_have_no_part_in_it_go()
    {
        using var folder = new TempFolder();
        var small = Path.Combine(folder.Path, "small");
        var wide = Authored.Write(folder, "wide", PitfallRuns.Of("Wide"));
        var options = new ReplayOptions
        {
            Hypotheses = ["captured@tool"],
            Budget = new() { Schedules = 300 },
        };
        var minimized = await new Minimizer(wide, Agent.Of<WideLeaksOrder>(), options).WriteAsync(small);
        Assert.That((minimized.Calls, minimized.Results.After), Is.EqualTo(((18, 2), 0)));
    }

    [Test]
    public async Task An_agent_without_the_failure_has_nothing_to_minimise()
    {
        var error = await Assert.ThrowsAsync<BadInputException>(() =>
            new Minimizer(Data.Fixture, Agent.Of<CatchAdded>(), new ReplayOptions { Hypotheses = ["captured@tool"] }).WriteAsync("nowhere")
        );
        Assert.That(error!.Message, Does.Contain("does not reproduce the failure (symptom-removed)"));
    }
}
