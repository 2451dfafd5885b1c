using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>Equal hashes mean equal replays: not only the same steps, but the same words.</summary>
public sealed class LogHashTests
{
    [Test]
    public async Task What_calls_are_made_with_what_they_give_what_the_model_is_told_and_how_it_ends_all_count()
    {
        var hashes = new List<string>();
        foreach (
            var driver in (string[])
                [
                    nameof(Speaking),
                    nameof(Speaking),
                    nameof(SpeaksOfAnother),
                    nameof(GivesAnother),
                    nameof(TellsAnother),
                    nameof(EndsOtherwise),
                ]
        )
        {
            var report = await RunAsync(driver);
            Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Reproduced), $"{driver}: {report.Sentence}");
            hashes.Add(report.LogHash);
        }
        Assert.That(hashes[1], Is.EqualTo(hashes[0]));
        Assert.That(hashes.Skip(1), Is.Unique);
    }

    [Test]
    public async Task What_the_model_is_sent_beside_results_counts()
    {
        using var folder = new TempFolder();
        (string, string) refused = ("System.InvalidOperationException", "the shelf is locked");
        var run = new RunBuilder { RootError = refused }
            .Model(0, 1, input: """[{"role":"user","parts":[{"type":"text","content":"Where?"}]}]""", output: Authored.Asks("shelf", "b"))
            .Tool("shelf", 1, 0.5, refused, Authored.About("b"), callId: "b");
        var fixture = Authored.Write(folder, "rules", run);
        var hashes = new List<string>();
        foreach (var driver in (string[])[nameof(KeepsOneRule), nameof(KeepsOneRule), nameof(KeepsAnotherRule)])
        {
            var report = await Replay.RunAsync(fixture, driver, new() { Schedules = Schedules.Captured, Hypotheses = ["captured@tool"] });
            Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Removed), $"{driver}: {report.Sentence}");
            hashes.Add(report.LogHash);
        }
        Assert.That(hashes[1], Is.EqualTo(hashes[0]));
        Assert.That(hashes[2], Is.Not.EqualTo(hashes[0]));
    }

    [Test]
    public async Task Randomness_that_shows_in_an_argument_only_is_seen()
    {
        var verdict = (await RunAsync(nameof(SpeaksAtRandom))).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished), verdict.Sentence);
        Assert.That(verdict.Reasons, Has.Some.Contains("run twice, gave two different replays"));
    }

    private static Task<ReplayReport> RunAsync(string driver) =>
        Replay.RunAsync(Data.Fixture, driver, new() { Schedules = Schedules.Captured, Hypotheses = ["healthy@http"] });
}
