using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Running;

namespace ReplayHarness.Server.Driving;

/// <summary>
/// The carrier to an agent in another process: Kestrel, in real time. The order in which answers come is controlled; the agent's own
/// threads and clock are not, and the verdict says so.
/// </summary>
/// <param name="index">The fixture.</param>
/// <param name="command">The agent's program and its arguments.</param>
/// <param name="options">How it is started and answered.</param>
/// <param name="cancellationToken">Ends the job at once.</param>
internal sealed class OutOfProcess(
    FixtureIndex index,
    IReadOnlyList<string> command,
    DriveOptions options,
    CancellationToken cancellationToken
) : ICarrier
{
    /// <summary>The agent that is served now; between two schedules nobody is served in time.</summary>
    public Served Served { get; private set; } = new(new(index), new ScaledResponder(options.Clock, 1));

    /// <summary>The spans that the agent sends.</summary>
    public SpanSink Spans { get; } = new();

    /// <summary>Where the mocks are.</summary>
    public MockHost Host { get; set; } = null!;

    public string? Runtime => null;

    public bool IsRealTime => true;

    // What a replay in the process would control.
    public IEnumerable<string> Unguaranteed
    {
        get
        {
            yield return "the agent's own threads and timers: out of process only the order in which responses come is";
            if (options.TimeScale == 1)
                yield break;
            yield return options.FakeTime is null
                ? "the agent's clock: the time scale scales what the mocks wait for, not the agent's own time-outs and pauses"
                : "the agent's work: its clock, time-outs and pauses are scaled, so its own computing seems to take longer than it does";
        }
    }

    /// <summary>Whether schedules can be run where the agent's own threads are not controlled.</summary>
    public static bool CanRun(Schedules schedules) =>
        schedules is CapturedSchedule or AllSchedules { Items: false } or DrawnSchedules or JitteredSchedules;

    // A schedule has a deadline of its own there.
    public IScheduleRunner RunnerOf(Hypothesis hypothesis, Func<bool> isGivenUp) =>
        new DriveRunner(command, options, index, hypothesis, Host, Spans, served => Served = served, cancellationToken);

    public Doubt? WhyNot(Hypothesis hypothesis, IScheduleRunner runner)
    {
        if (hypothesis.NeedsToolsInProcess)
            return new($"{hypothesis.Name} needs the agent's tools in the replay's process", Remedy.ReplayInProcess);
        return hypothesis.NeedsCalibration && index.Responses.Count == 0
            ? Doubt.Uncalibrated("the fixture holds no http responses; author them in its folder http/")
            : null;
    }

    // A second run would tell nothing that the first does not: the agent's own timing differs from run to run.
    public IEnumerable<string> Check(IScheduleRunner runner, ScheduleResult captured, Tally tally) => [];
}
