using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// What the kernel controls gives one replay for one seed, in any process; what it does not is named, and nothing is established.
/// </summary>
public sealed class ControlTests
{
    [TestCase(nameof(HopsYield))]
    [TestCase(nameof(HopsTaskRun))]
    [TestCase(nameof(HopsChannel))]
    [TestCase(nameof(HopsParallel))]
    [TestCase(nameof(CountsProcessors))]
    [TestCase(nameof(WaitsBlocking))]
    [TestCase(nameof(WaitsMonitor))]
    [TestCase(nameof(WaitsTimers))]
    [TestCase(nameof(ReadsClock))]
    [TestCase(nameof(DrawsRandomly))]
    [TestCase(nameof(DrawsInEveryWay))]
    [TestCase(nameof(SpinsUntilDone))]
    [TestCase(nameof(ShardsByNumber))]
    [TestCase(nameof(StartsThreads))]
    public async Task Controlled(string driver)
    {
        var (first, second) = (await RunAsync(driver, "200"), await RunAsync(driver, "200"));
        Assert.That(first.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed), first.Sentence);
        Assert.That(first.Uncontrolled, Is.Empty);
        Assert.That((second.LogHash, second.VirtualSeconds), Is.EqualTo((first.LogHash, first.VirtualSeconds)));
    }

    [TestCase(nameof(RunsLong), "agent code ran on a thread that the kernel does not own")]
    [TestCase(
        nameof(StartsProcesses),
        "Process.Start: what it does happens outside the replay; put it behind a tool (ReplayHarness.Tests.Replays.StartsProcesses"
    )]
    [TestCase(
        nameof(ReflectsClock),
        "DateTime.get_UtcNow by reflection: a replay cannot see through it; call it (ReplayHarness.Tests.Replays.ReflectsClock"
    )]
    [TestCase(
        nameof(SleepsNatively),
        "P/Invoke of libc: getppid: what it does happens outside the replay; put it behind a tool (ReplayHar"
    )]
    [TestCase(nameof(SendsDatagrams), "real I/O: UdpClient.SendAsync: what it does happens outside the replay; put it behind a tool (Rep")]
    [TestCase(nameof(ShardsByHashCode), "GetHashCode of String: it differs from process to process")]
    [TestCase(nameof(ShardsByComparer), "GetHashCode of String: it differs from process to process")]
    [TestCase(nameof(ShardsByRecord), "GetHashCode of Shelf: it differs from process to process")]
    [TestCase(nameof(ShardsByTuple), "GetHashCode of ValueTuple`2: it differs from process to process")]
    [TestCase(nameof(OpensSockets), "real I/O: connection to ")]
    [TestCase(nameof(CallsHttp), "real I/O: http://127.0.0.1:9/ was called past the http boundary")]
    [TestCase(nameof(Spins), "ran for more than 2 s without giving the thread back (a spin loop)")]
    [TestCase(nameof(BlocksOutside), "waited for more than 6 s outside the replay (a call that blocks)")]
    public async Task Uncontrolled(string driver, string what)
    {
        var verdict = (await RunAsync(driver)).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished), verdict.Sentence);
        Assert.That(string.Join('\n', verdict.Reasons), Does.Contain(what));
    }

    [Test]
    public async Task A_client_that_the_agent_makes_itself_sends_to_the_boundary()
    {
        var verdict = (await RunAsync(nameof(MakesItsOwnClient))).Hypotheses.Single();
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Diverged), verdict.Sentence);
        Assert.That($"{verdict.Sentence}\n{string.Join('\n', verdict.Reasons)}", Does.Contain("the agent sent GET http://127.0.0.1:9/"));
    }

    [Test]
    public async Task What_a_static_holds_ends_with_its_schedule()
    {
        var report = await RunAsync(nameof(RemembersStatically));
        Assert.That(report.Hypotheses.Single().Verdict, Is.EqualTo(VerdictKind.Removed), report.Sentence);
        Assert.That(report.Uncontrolled, Is.Empty);
    }

    [Test]
    public async Task A_deployed_host_is_proved_over_every_schedule_and_its_own_threads_are_listed()
    {
        var report = await RunAsync(nameof(HostedAgent), "all");
        var verdict = report.Hypotheses.Single();
        Assert.That((verdict.Verdict, verdict.Schedules.Exhaustive), Is.EqualTo((VerdictKind.Removed, true)), verdict.Sentence);
        Assert.That(report.Uncontrolled, Has.Some.Contains("logger queue").And.All.Contains("inert: it touched no boundary"));
    }

    private static async Task<ReplayReport> RunAsync(string driver, string schedules = "20")
    {
        using var folder = new TempFolder();
        return await Replay.RunAsync(
            Authored.Write(folder, "control", PitfallRuns.Of("LostUpdate")),
            driver,
            new ReplayOptions
            {
                Schedules = Schedules.Parse(schedules),
                StepLimit = TimeSpan.FromSeconds(2),
                Hypotheses = ["captured@tool"],
            }
        );
    }
}
