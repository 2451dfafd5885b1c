using System.Text.RegularExpressions;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Judging;

/// <summary>
/// What belongs to a thread is lost where an agent goes on on another, and what depends on a machine differs on others; what lies in the
/// temporary folder is gone when the next run begins.
/// </summary>
public sealed class ThreadsTests
{
    private const string Question = """[{"role":"user","parts":[{"type":"text","content":"Where is room?"}]}]""";
    private static readonly (string, string) s_nobodys = ("System.InvalidOperationException", "nobody's shelf");

    [TestCase(typeof(KnowsByItsThread), VerdictKind.Reproduced)]
    [TestCase(typeof(KnowsByItsFlow), VerdictKind.Removed)]
    [TestCase(typeof(HoldsAMonitor), VerdictKind.Reproduced)]
    [TestCase(typeof(HoldsASemaphore), VerdictKind.Removed)]
    public async Task What_belongs_to_a_thread(Type driver, VerdictKind expected)
    {
        var verdict = await Judged(expected, driver);
        if (expected == VerdictKind.Reproduced)
            Assert.That(verdict.Schedules.Note, Does.Contain("on other threads (thread-affine): it depends on the thread"));
    }

    [Test]
    public async Task What_asks_for_something_else_on_another_thread_is_told()
    {
        var verdict = await Judged(VerdictKind.NotEstablished, typeof(AsksByItsThread));
        Assert.That(verdict.Reasons, Has.Some.Contains("contradicts the fixture: it depends on the thread"));
    }

    [TestCase(typeof(WritesAsItsMachineDoes), VerdictKind.Reproduced)]
    [TestCase(typeof(WritesInOneWay), VerdictKind.Removed)]
    [TestCase(typeof(NeedsProcessors), VerdictKind.Reproduced)]
    public async Task What_depends_on_the_machine(Type driver, VerdictKind expected)
    {
        var verdict = await Judged(expected, driver);
        if (expected == VerdictKind.Reproduced)
            Assert.That(verdict.Schedules.Note, Does.Match("fails in \\d+ of 33 on other machines .*: it depends on the machine"));
    }

    [Test]
    public async Task What_asks_for_something_else_on_another_machine_is_told()
    {
        var verdict = await Judged(VerdictKind.NotEstablished, typeof(AsksAsItsMachineWrites));
        Assert.That(
            verdict.Reasons,
            Has.Some.Contains(
                "the agent, on a machine with 1 processor and another culture, contradicts the fixture: it depends on the machine"
            )
        );
    }

    [TestCase(typeof(RunsOnItsLoop), VerdictKind.Removed)]
    [TestCase(typeof(WaitsForItsLoop), VerdictKind.Reproduced)]
    [TestCase(typeof(NeedsAContext), VerdictKind.Reproduced)]
    public Task A_context_of_the_agent_s_own(Type driver, VerdictKind expected) => Judged(expected, driver);

    [TestCase(typeof(WritesDownAndMinds), VerdictKind.Reproduced)]
    [TestCase(typeof(WritesDownOnly), VerdictKind.Removed)]
    public Task What_another_schedule_left_in_the_temporary_folder_is_gone(Type driver, VerdictKind expected) => Judged(expected, driver);

    [TestCase(typeof(ReadsBeside), null)]
    [TestCase(typeof(WritesBeside), "File.WriteAllTextAsync: {0} lies outside the temporary folder")]
    [TestCase(typeof(WritesBeside), "WritesBeside/<UseAsync>")]
    [TestCase(typeof(DeletesByDelegates), "new StreamWriter: {0} lies outside")]
    [TestCase(typeof(DeletesByDelegates), "File.Delete: {0} lies outside")]
    [TestCase(typeof(DeletesByDelegates), "FileSystemInfo.Delete: {0} lies outside")]
    [TestCase(typeof(WritesWhatItOpened), "new FileStream: {0} lies outside")]
    [TestCase(typeof(LinksOut), "Directory.CreateSymbolicLink: ")]
    [TestCase(typeof(NamesAMutex), "new Mutex: \"shelves-")]
    [TestCase(typeof(AsksWhenItWrote), "File.GetLastWriteTimeUtc: ")]
    [TestCase(typeof(AsksAtTheConsole), "Console.In: ")]
    [TestCase(typeof(AsksTheTimeInAnExpression), "DateTime.UtcNow in an expression: ")]
    [TestCase(typeof(WatchesAFolder), "FileSystemWatcher.EnableRaisingEvents: ")]
    [TestCase(typeof(OpensAPipe), "new AnonymousPipeServerStream: ")]
    public async Task What_other_runs_may_find_is_named(Type driver, string? named)
    {
        var verdict = await Judged(named is null ? VerdictKind.Removed : VerdictKind.NotEstablished, driver);
        if (named is not null)
            Assert.That(
                verdict.Reasons,
                Has.Some.Match(Regex.Escape(named).Replace(@"\{0}", @"\S+shelves-\d+\.txt", StringComparison.Ordinal))
            );
    }

    private static async Task<HypothesisVerdict> Judged(VerdictKind expected, Type driver)
    {
        using var folder = new TempFolder();
        var run = new RunBuilder { RootError = s_nobodys }
            .Model(0, 1, input: Question, output: Authored.Asks("shelf", "a", "b"))
            .Tool("shelf", 1, 0.5, arguments: Authored.About("a"), result: "full", callId: "a")
            .Tool("shelf", 1, 0.6, arguments: Authored.About("b"), result: "room", callId: "b");
        var fixture = Authored.Write(folder, "threads", run);
        var report = await Replay.RunAsync(fixture, driver.FullName, new ReplayOptions { Hypotheses = ["captured@tool"] });
        var verdict = report.Hypotheses.Single();
        Assert.That(report.Verdict, Is.EqualTo(expected), $"{report.Sentence}\n{string.Join('\n', verdict.Reasons)}");
        return verdict;
    }
}
