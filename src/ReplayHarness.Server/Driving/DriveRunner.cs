using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.States;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Server.Driving;

/// <summary>Runs schedules of an agent in another process, each in a process of its own.</summary>
internal sealed class DriveRunner(
    IReadOnlyList<string> command,
    DriveOptions options,
    FixtureIndex index,
    Hypothesis hypothesis,
    MockHost host,
    SpanSink spans,
    Action<Served> serve,
    CancellationToken cancellationToken
) : IScheduleRunner
{
    // The agent's own timing may part two requests that it makes together, or let its own time-outs win.
    private const int MostTries = 5;

    private readonly Reactions _reactions = new();
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    public IStateHasher? Hasher => null;

    public ScheduleResult Run(IStrategy strategy)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (schedule, result) = RunAsync(strategy, options.Settle).GetAwaiter().GetResult();
            var steady = schedule is { IsUnsteady: false, Overtaken: null };
            if (steady && _reactions.AreUnknown(schedule))
            {
                var (longer, _) = RunAsync(strategy, options.Settle + Reactions.Longer).GetAwaiter().GetResult();
                if (!longer.IsUnsteady)
                    _reactions.Learn(schedule, longer);
                steady = !_reactions.AreUnknown(schedule) && longer.Choices.SequenceEqual(schedule.Choices);
            }
            var timedOut = schedule.Overtaken ?? _reactions.TimedOut(schedule);
            if (steady && timedOut is null)
                return result;
            if (attempt == MostTries)
                return timedOut is null
                    ? result
                    : result with
                    {
                        Uncontrolled = [.. result.Uncontrolled, Overtaken(timedOut)],
                        Remedies = [.. result.Remedies, Remedy.ShortenSettling],
                    };
        }
    }

    private async Task<(DrivenSchedule Schedule, ScheduleResult Result)> RunAsync(IStrategy strategy, TimeSpan settle)
    {
        strategy.Begin();
        var clock = new DriveClock(options.Clock, options.TimeScale);
        var schedule = new DrivenSchedule(clock, strategy, NewContext(clock), IsAsBefore);
        serve(new(schedule.Context, schedule));
        spans.Take();
        using var child = ChildProcess.Start(command, ChildEnvironment.Of(options, host.Url));
        var inTime = await schedule.RunAsync(child, options.Deadline, settle, cancellationToken).ConfigureAwait(false);
        var (end, code) = (clock.NowTicks, child.HasExited ? child.ExitCode : (int?)null);
        await child.DrainAsync(options.Clock).ConfigureAwait(false);
        return (schedule, Observe(schedule, clock, new Ended(code, inTime, child.LastLine, end)));
    }

    private ReplayContext NewContext(DriveClock clock) =>
        new(index, hypothesis, options.Log) { Now = () => clock.NowTicks, ClientScale = options.FakeTime is null ? options.TimeScale : 1 };

    private bool IsAsBefore(string choices, string enabled) => _seen.TryAdd(choices, enabled) || _seen[choices] == enabled;

    private ScheduleResult Observe(DrivenSchedule schedule, DriveClock clock, Ended ended)
    {
        var context = schedule.Context;
        var own = spans.Take();
        var runs = AgentRuns.Read(own);
        long TicksOf(long nanos) =>
            Math.Clamp((long)((nanos - clock.StartNanos) / 100 / (options.FakeTime is null ? options.TimeScale : 1)), 0, ended.Ticks);
        var observed = new ObservedCalls(index.Fixture.Aliases, context.Conversation.Requested, context.Calls, TicksOf);
        var calls = observed.Of(runs);
        var failure = ended.FailureOf(runs, calls);
        var write = new ReplaySpans(index.Fixture, hypothesis);
        return Observation.Of(
            context,
            calls,
            ReceivedSpan.Of(own.SelectMany(t => t.Spans), observed.Spans, write, TicksOf),
            write,
            new()
            {
                LogHash = CallLog.Unordered(schedule.LogHash, calls, failure),
                End = context.Divergence is null ? KernelEnd.Finished : KernelEnd.Stopped,
                EndTicks = ended.Ticks,
                Failure = failure,
                EndedWell = ended.ExitCode == 0 && failure is null,
                Events = schedule.Events,
                Choices = schedule.Choices,
                Uncontrolled = [.. Doubts(schedule, runs, calls, ended)],
                Remedies = ended.InTime ? [] : [Remedy.RaiseDeadline],
            },
            new JudgedTraces(index.Known)
        );
    }

    private string Late(DrivenSchedule schedule)
    {
        var waiting = schedule.InFlight.Count > 0 ? $", waiting for {string.Join(", ", schedule.InFlight)}" : "";
        return FormattableString.Invariant(
            $"the agent had not ended when the deadline of {options.Deadline.TotalSeconds} s passed{waiting}"
        );
    }

    private static string Overtaken(string held) =>
        $"the agent gave up on {held} while its answer was held: it is slower to grow quiet than its own time-out allows";

    private IEnumerable<string> Doubts(DrivenSchedule schedule, IReadOnlyList<AgentRun> runs, List<BoundaryCall> calls, Ended ended)
    {
        var context = schedule.Context;
        var said = ended.LastLine is { } line ? $"; the last it printed: {line}" : "";
        if (schedule.IsUnsteady)
            yield return "the agent, given the same answers in the same order, asked for something else than before";
        if (context.Divergence is not null || schedule.Overtaken is not null || schedule.IsUnsteady)
            yield break;
        if (!ended.InTime)
            yield return Late(schedule) + said;
        else if (context.Conversation.Attempt == 0)
            yield return $"the agent ended (exit code {ended.ExitCode}) without asking its model; point it there with "
                + $"{WireFormats.Variables}, which are set for it{said}";
        if (context.Conversation.Requested.Count > 0 && calls.TrueForAll(c => c.Kind != BoundaryKind.Tool))
            yield return "the agent sent no spans of its tool calls, so what became of "
                + $"{string.Join(", ", context.Conversation.Requested.Select(r => r.Tool).Distinct())} is not known; "
                + $"have it export spans to OTEL_EXPORTER_OTLP_ENDPOINT, which is set for it{said}";
        if (ended.InTime && ended.UnclearAfter(runs, calls) is { } last)
            yield return $"the agent ended (exit code 0) after {last.Name} failed, without asking its model again, and its span does not "
                + $"say how it ended: whether it survived is not known; have it set its span's status, or its exit code{said}";
        foreach (
            var call in calls.Where(c =>
                context.ImposesOnHttp
                && c is { Kind: BoundaryKind.Tool, Error: null, Behaviour: null }
                && index.BehavioursOf((c.Name, c.Arguments!)) is [{ Error: not null }, ..]
            )
        )
            yield return $"nothing imposed the captured failure of {call.Name} {call.Arguments}: its tool is not served over MCP, "
                + "and no response in http/ holds its result (bodyFromResult)";
    }
}
