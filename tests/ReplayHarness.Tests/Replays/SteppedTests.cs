using System.Text.Json.Nodes;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>One schedule step by step: what stood to choose, what was chosen, and what comes of another choice.</summary>
public sealed class SteppedTests
{
    private static readonly string[] s_hypothesis = ["captured@tool"];

    [Test]
    public async Task Each_choice_at_each_step_is_the_schedule_of_a_file_that_holds_its_steps()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "pitfall", PitfallRuns.Of("LeakedOrder"));
        var captured = await StepAsync(fixture, nameof(LeakedOrderBroken));
        var trail = Trail(captured);
        var others = trail
            .Steps.SelectMany(s => s.Enabled.Select((_, i) => new StepChoice(s.Step, i + 1)).Where(c => c.Number != s.Captured))
            .ToArray();
        Assert.That(others, Is.Not.Empty);
        var verdicts = new HashSet<VerdictKind> { captured.Verdict };
        foreach (var choice in others)
        {
            var stepped = await StepAsync(fixture, nameof(LeakedOrderBroken), choice);
            verdicts.Add(stepped.Verdict);
            var steps = Trail(stepped).Steps;
            Assert.That(steps[choice.Step - 1].Chosen, Is.EqualTo(choice.Number));
            Assert.That(steps.Where(s => s.Chosen != s.Captured).Select(s => s.Step), Is.EqualTo(new[] { choice.Step }));
            var written = new ScheduleFile(
                ScheduleFile.CurrentVersion,
                "pitfall",
                s_hypothesis[0],
                [.. steps.Select(s => new ScheduleStep(s.Step, s.Seconds, [.. s.Enabled.Select(e => e.Label)], s.ChosenLabel))]
            )
            {
                RandomSeed = ReplayHarness.Replays.Strategies.Xorshift.Word(0, 0),
            };
            var file = folder.Write("s.json", written.ToText());
            var followed = await RunAsync(fixture, nameof(LeakedOrderBroken), Schedules.FromFile(file));
            Assert.That((followed.Verdict, followed.LogHash), Is.EqualTo((stepped.Verdict, stepped.LogHash)), $"{choice}");
        }
        Assert.That(verdicts, Is.EquivalentTo(new[] { VerdictKind.Reproduced, VerdictKind.NotEstablished }), "an order decides");
    }

    [Test]
    public async Task What_goes_well_once_is_not_shown_to_be_gone()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "hedging", PitfallRuns.Of("Hedging"));
        var report = await StepAsync(fixture, "HedgingBroken");
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.NotEstablished));
        Assert.That(report.Sentence, Does.Contain("one schedule was followed and does not fail"));
        Assert.That(report.Hypotheses.Single().Remedies, Is.EqualTo(new[] { ReplayHarness.Fixtures.Remedy.ExploreAllSchedules }));
    }

    [Test]
    public async Task A_sample_that_was_cut_short_shows_nothing_to_be_gone()
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "pitfall", PitfallRuns.Of("LeakedOrder"));
        var options = new ReplayOptions
        {
            Hypotheses = s_hypothesis,
            Schedules = Schedules.Random(1000),
            Budget = new() { Schedules = 5 },
        };
        var report = await Replay.RunAsync(fixture, nameof(LeakedOrderFixed), options);
        Assert.That((report.Verdict, report.Sentence), Is.EqualTo((VerdictKind.NotEstablished, report.Sentence)));
        Assert.That(report.Hypotheses.Single().Reasons, Is.EqualTo(new[] { "the budget of 5 schedules ran out" }));
    }

    [Test]
    public async Task What_waits_says_for_what()
    {
        var report = await RunAsync(Data.Fixture, nameof(Shipped), Schedules.Stepped([]), "healthy@http");
        var step = Trail(report).Steps.First(s => s.Pending.Any(p => p.WaitsFor is not null));
        var waiting = step.Pending.First(p => p.WaitsFor is not null);
        Assert.That((waiting.IsTimer, waiting.WaitsFor), Is.EqualTo((true, $"{step.Pending[0].Label}, which is due before it")));
        Assert.That(step.Waits, Is.Not.Empty.And.All.Contain(" awaits "));
        Assert.That(step.Pending.TakeWhile(p => p.WaitsFor is null).Count(), Is.EqualTo(step.Enabled.Count()), "what may be next is first");
    }

    [TestCase(2, 9, "step 2: 9 is chosen; expected one of 1 ")]
    [TestCase(99, 1, "step 99: 1 is chosen; expected a step up to ")]
    public async Task A_choice_that_there_is_not_diverges(int step, int number, string said)
    {
        using var folder = new TempFolder();
        var fixture = Authored.Write(folder, "pitfall", PitfallRuns.Of("LeakedOrder"));
        var report = await StepAsync(fixture, nameof(LeakedOrderBroken), new StepChoice(step, number));
        Assert.That((report.Verdict, report.Sentence), Is.EqualTo((VerdictKind.Diverged, report.Sentence)));
        Assert.That(report.Sentence, Does.Contain(said));
    }

    [Test]
    public async Task As_it_is_printed()
    {
        using var folder = new TempFolder();
        Authored.Write(folder, "pitfall", PitfallRuns.Of("LeakedOrder"));
        string[] run = ["run", "pitfall", "--agent", $"{Replay.Assembly}:{nameof(LeakedOrderBroken)}", "--hypothesis", s_hypothesis[0]];
        var result = await Tool.RunInAsync(folder.Path, [.. run, "--choose", "2=2"]);
        await VerifyNUnit.Verifier.Verify(result.Output[..result.Output.IndexOf("virtual time", StringComparison.Ordinal)]);
        Assert.That(result.Output.Split("rerun: ")[1], Does.Contain(" --steps --choose 2=2"));

        foreach (var (options, said) in s_wrong)
        {
            var wrong = await Tool.RunInAsync(folder.Path, [.. run, .. options]);
            Assert.That((wrong.ExitCode, wrong.Output), Is.EqualTo((2, "")), wrong.Errors);
            Assert.That(wrong.Errors, Does.Contain(said));
        }
    }

    [Test]
    public async Task The_schedule_of_a_file_is_told_so_too_and_json_holds_the_steps()
    {
        using var folder = new TempFolder();
        Authored.Write(folder, "pitfall", PitfallRuns.Of("LeakedOrder"));
        string[] run = ["run", "pitfall", "--agent", $"{Replay.Assembly}:{nameof(LeakedOrderBroken)}", "--hypothesis", s_hypothesis[0]];
        await Tool.RunInAsync(folder.Path, [.. run, "--write-schedule", "failing.json"]);
        var chosen = await Tool.RunInAsync(folder.Path, [.. run, "--choose", "2=2"]);
        var written = await Tool.RunInAsync(folder.Path, [.. run, "--schedule", "failing.json", "--steps"]);
        Assert.That(Steps(written), Is.EqualTo(Steps(chosen)).And.StartsWith("captured@tool, step by step\n"), written.Errors);

        var json = await Tool.RunInAsync(folder.Path, [.. run, "--choose", "2=2", "--json"]);
        var trail = JsonNode.Parse(json.Output)!["hypotheses"]![0]!["steps"]!;
        Assert.That(trail["steps"]!.AsArray().Select(s => (int)s!["chosen"]!), Is.EqualTo([1, 2, 1]));
        Assert.That((bool)trail["fails"]!, Is.True);

        static string Steps(ToolResult result) => result.Output.Split("\n\n")[0];
    }

    [TestCase("--schedules", "captured")]
    [TestCase("--schedule", "s.json")]
    [TestCase("--schedules", "99")]
    [TestCase("--repeat", "1")]
    [TestCase("--races", "only")]
    [TestCase("--jitter", "5")]
    [TestCase("--faults", "1")]
    [TestCase("--budget", "1")]
    public async Task Few_orders_are_no_evidence(string option, string value)
    {
        var result = await Tool.RunAsync("verify", "fixture", "--broken", "a.dll", "--fixed", "b.dll", "--out", "x", option, value);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain($"{option} {value}: runs too few orders for evidence; leave it out"));
    }

    private static readonly (string[] Options, string Said)[] s_wrong =
    [
        (["--choose", "2"], "--choose 2: expected STEP=N, two numbers above 0 (3=2)"),
        (["--choose", "2=0"], "--choose 2=0: expected STEP=N"),
        (["--choose", "2=1", "--choose", "2=2"], "--choose 2=2: step 2 is chosen twice"),
        (["--choose", "2=1", "--schedule", "s.json"], "--choose: the schedule of a file holds every choice"),
        (["--steps", "--faults", "1"], "--steps shows one schedule; leave out --faults"),
        (["--steps", "--schedules", "all"], "--steps shows one schedule; leave out --schedules"),
        (["--steps", "--write-schedule", "s.json"], "--write-schedule writes the nearest schedule that fails"),
    ];

    private static Trail Trail(ReplayReport report) => report.Hypotheses.Single().Steps!;

    private static Task<ReplayReport> StepAsync(string fixture, string driver, params StepChoice[] choices) =>
        RunAsync(fixture, driver, Schedules.Stepped(choices));

    private static Task<ReplayReport> RunAsync(string fixture, string driver, Schedules schedules, string hypothesis = "captured@tool") =>
        Replay.RunAsync(fixture, driver, new ReplayOptions { Schedules = schedules, Hypotheses = [hypothesis] });
}
