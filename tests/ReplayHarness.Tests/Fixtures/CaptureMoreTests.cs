using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Fixtures;

/// <summary>Incidents in which nothing died: an error that the model was told, a result that was wrong.</summary>
public sealed class CaptureMoreTests
{
    private static readonly (string, string) s_timeout = ("System.TimeoutException", "no answer");

    private const string Question = """[{"role":"user","parts":[{"type":"text","content":"Where is room?"}]}]""";

    private static RunBuilder Told =>
        new RunBuilder()
            .Model(0, 1, output: Authored.Asks(("fetch", "a"), ("find", "b")))
            .Tool("fetch", 1, 1, arguments: Authored.About("a"), result: "a")
            .Tool("find", 1, 1.73, s_timeout, Authored.About("b"))
            .Model(4, 1);

    [Test]
    public async Task An_error_that_the_model_was_told_is_captured_where_that_is_asked_for()
    {
        using var folder = new TempFolder();
        FixtureWriter.WriteTraces(folder.Path, [Told.Build()]);
        string[] asked = ["capture", Path.Combine(folder.Path, FixtureWriter.TracesFile), "--trace", RunBuilder.TraceId];
        string[] all = [.. asked, "--out", Path.Combine(folder.Path, "told")];
        var refused = await Tool.RunAsync(all);
        Assert.That(refused.ExitCode, Is.EqualTo(3));
        Assert.That(refused.Errors, Does.Contain($"run replay-harness {string.Join(' ', all)} --finding handled-tool-error"));
        var captured = await Tool.RunAsync([.. all, "--finding", "handled-tool-error"]);
        Assert.That((captured.ExitCode, captured.Errors), Is.EqualTo((0, "")));
        Assert.That(captured.Output, Does.Contain("handled-tool-error(find, timeout)"));

        var fixture = FixtureFolder.Load(Path.Combine(folder.Path, "told")).Fixture;
        Assert.That(fixture.Hypotheses.Single(h => h is HealthyAtHttp).Judges.Select(i => i.Rule), Does.Contain("handled-tool-error"));
        Assert.That(fixture.Hypotheses.Single(h => h is CapturedAtTool).Judges, Has.None.Property("Rule").EqualTo("handled-tool-error"));
        Assert.That(SchemaCheck.Problems(File.ReadAllText(Path.Combine(folder.Path, "told", "fixture.json"))), Is.Empty);

        var report = await Replay.RunAsync(
            Path.Combine(folder.Path, "told"),
            nameof(TellsAsText),
            new() { Hypotheses = ["captured@tool"] }
        );
        Assert.That(report.Hypotheses.Single().Imposed.Select(f => f.Rule), Does.Contain("handled-tool-error"));
    }

    [Test]
    public void Only_what_holds_and_can_be_judged_is_captured()
    {
        using var folder = new TempFolder();
        Assert.That(
            () =>
                Capture(
                    "handled-tool-error",
                    new RunBuilder { RootError = s_timeout }
                        .Model(0, 1)
                        .Tool("fetch", 1, 1, s_timeout)
                ),
            Throws.TypeOf<BadInputException>().With.Message.Contains("handled-tool-error holds in none of the selected runs")
        );
        Assert.That(
            () => Capture("swallowed-error", Told),
            Throws.TypeOf<BadInputException>().With.Message.Contains("cannot be judged by a replay: it reads the words of the last answer")
        );
        Assert.That(
            () => Capture("no-such-rule", Told),
            Throws.TypeOf<BadInputException>().With.Message.Contains("there is no rule no-such-rule; rules that")
        );

        void Capture(string rule, RunBuilder run) =>
            FixtureCapture.Write(Path.Combine(folder.Path, "none"), [run.Build()], new() { Findings = [rule] });
    }

    [TestCase("empty-answer", typeof(TakesAnyAnswer), VerdictKind.Reproduced)]
    [TestCase("empty-answer", typeof(AsksUntilAnswered), VerdictKind.Removed)]
    [TestCase("repeated-call", typeof(AsksTwice), VerdictKind.Reproduced)]
    // That the backend did not answer no replay can show gone.
    [TestCase("repeated-call", typeof(TellsEachError), VerdictKind.Survives)]
    public async Task What_is_an_observation_elsewhere_is_judged_where_it_is_named(string rule, Type driver, VerdictKind expected)
    {
        using var folder = new TempFolder();
        var run =
            rule == "empty-answer"
                ? new RunBuilder().Model(0, 1, input: Question, output: RunBuilder.Says(""))
                : new RunBuilder()
                    .Model(0, 1, input: Question, output: Authored.Asks("fetch", "a"))
                    .Tool("fetch", 1, 1, s_timeout, Authored.About("a"), callId: "a")
                    .Tool("fetch", 3, 1, arguments: Authored.About("a"), result: "full")
                    .Model(5, 1);
        var fixture = FixtureCapture.Write(Path.Combine(folder.Path, "observed"), [run.Build()], new() { Findings = [rule] });
        Assert.That(fixture.Fixture.Promoted, Is.EqualTo(new[] { rule }));
        var report = await Replay.RunAsync(fixture.Path, driver.FullName, new() { Hypotheses = ["captured@tool"] });
        Assert.That(report.Verdict, Is.EqualTo(expected), report.Sentence);
    }

    // A rule that always counts may be named too.
    [Test]
    public void What_is_judged_anyway_is_not_promoted()
    {
        using var folder = new TempFolder();
        var run = new RunBuilder { RootError = s_timeout }
            .Model(0, 1)
            .Tool("fetch", 1, 1, s_timeout);
        var fixture = FixtureCapture.Write(Path.Combine(folder.Path, "any"), [run.Build()], new() { Findings = ["unhandled-tool-error"] });
        Assert.That(fixture.Fixture.Promoted, Is.Null);
    }

    [Test]
    public void Another_result_than_a_healthy_run_gives_is_shown_and_the_healthy_one_calibrates()
    {
        using var folder = new TempFolder();
        var crossed = Run("b").Build();
        var fixture = FixtureCapture.Write(Path.Combine(folder.Path, "crossed"), [crossed], new() { Healthy = [Run("a").Build()] });
        Assert.That(
            CapturedDifferences.Of(fixture.Fixture),
            Is.EqualTo(
                new[]
                {
                    """fetch {"of":"a"} gave b in the incident and a when healthy: what fetch {"of":"b"} gives (cross-talk)"""
                        + "; the healthy one calibrates",
                }
            )
        );
        Assert.That(fixture.Fixture.Shape.Identity.Select(i => i.Rule), Is.EqualTo(new[] { "wrong-result" }));
        Assert.That(fixture.Fixture.Hypotheses.Single(h => h is CapturedAtTool).Judges, Is.Empty, "the mock gives what was captured");
        Assert.That(new FixtureIndex(fixture).ExpectedResults[("fetch", Authored.About("a"))], Is.EqualTo("a"));

        static RunBuilder Run(string first) =>
            new RunBuilder()
                .Model(0, 1, output: Authored.Asks("fetch", "a", "b"))
                .Tool("fetch", 1, 1, arguments: Authored.About("a"), result: first)
                .Tool("fetch", 1, 2, arguments: Authored.About("b"), result: "b")
                .Model(4, 1);
    }

    [Test]
    public void Results_that_differ_in_ids_and_times_only_do_not_differ()
    {
        using var folder = new TempFolder();
        var told = Run("req_1", s_timeout);
        var fixture = FixtureCapture.Write(Path.Combine(folder.Path, "same"), [told], new() { Healthy = [Run("req_2", null)] });
        Assert.That(CapturedDifferences.Of(fixture.Fixture), Is.Empty);

        static Trace Run(string id, (string, string)? error) =>
            new RunBuilder { RootError = error }
                .Model(0, 1)
                .Tool("fetch", 1, 1, arguments: Authored.About("a"), result: $"order {id}")
                .Tool("fetch", 1, 2, error, Authored.About("b"), "b")
                .Build();
    }
}
