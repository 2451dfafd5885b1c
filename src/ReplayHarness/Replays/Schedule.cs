using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.Races;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>What one schedule showed.</summary>
internal sealed record ScheduleResult
{
    /// <summary>Equal hashes mean equal replays: every step, what every call was made with and gave, and how the run ended.</summary>
    public required ulong LogHash { get; init; }

    public required KernelEnd End { get; init; }

    public required TimeSpan VirtualTime { get; init; }

    /// <summary>What was issued and what completed, in order.</summary>
    public required IReadOnlyList<KernelEvent> Events { get; init; }

    /// <summary>Who waits for what, where the agent does not get on; null where it does.</summary>
    public required string? Deadlock { get; init; }

    /// <summary>Which bound stopped it, and what it repeated until then; null where none did.</summary>
    public string? Endless { get; init; }

    /// <summary>The faults that were injected.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>By operation, how many operations of its chain were left when it was issued, itself included.</summary>
    public required IReadOnlyDictionary<string, int> Left { get; init; }

    /// <summary>What the strategy chose, decision by decision.</summary>
    public required IReadOnlyList<int> Choices { get; init; }

    /// <summary>What seeded the agent's random numbers.</summary>
    public ulong RandomSeed { get; init; }

    /// <summary>Its trace, and what the rules say of it.</summary>
    public required JudgedTrace Judged { get; init; }

    /// <summary>The attempts with everything the rules found, imposed findings too.</summary>
    public IReadOnlyList<InspectedRun> Attempts => Judged.Attempts;

    /// <summary>The identities that the mocks imposed.</summary>
    public required IReadOnlyList<FindingIdentity> Imposed { get; init; }

    /// <summary>True where sibling calls were in flight at once.</summary>
    public required bool Overlapped { get; init; }

    /// <summary>True where the model asked for several calls at once.</summary>
    public bool HasSiblings { get; init; }

    public required Divergence? Divergence { get; init; }

    /// <summary>Whether it put the agent to the test.</summary>
    public required Exercise Exercise { get; init; }

    public required IReadOnlyList<string> Uncontrolled { get; init; }

    /// <summary>What to do about what was not controlled.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>What it was watched for between awaits, and what was seen; null for nothing.</summary>
    public RaceWatch? Races { get; init; }

    /// <summary>What ran beside the agent and touched nothing, in words: threads, and timers of frameworks.</summary>
    public required IReadOnlyCollection<string> Inert { get; init; }

    /// <summary>What of the agent's own was replaced, as sentences without their full stops.</summary>
    public IReadOnlyCollection<string> Replaced { get; init; } = [];

    public required IReadOnlyList<string> Drift { get; init; }

    public Trace Trace => Judged.Trace;

    /// <summary>What the attempts show together.</summary>
    public FailureShape Shape => Judged.Shape;

    /// <summary>What a verdict can tell apart, as text: two schedules with equal outcomes are counted together.</summary>
    public string Outcome =>
        field ??= string.Join(
            '\n',
            (string[])
                [
                    Shape.Fingerprint,
                    string.Join(';', Emergent.Select(f => f.Identity).Distinct().Order()),
                    string.Join(';', Imposed),
                    Overlapped ? "overlapped" : "",
                    Endless ?? End.ToString(),
                    Divergence?.ToString() ?? "",
                    .. Exercise.Missing,
                    .. Exercise.Departures,
                    .. Exercise.Unclear,
                    Exercise.Swallows ? "swallows" : "",
                    Exercise.IsStillRefused ? "is still refused" : "",
                    .. Uncontrolled,
                    .. Drift,
                ]
        );

    /// <summary>The findings that count and that no mock imposed.</summary>
    public IReadOnlyList<Finding> Emergent => field ??= [.. Attempts.SelectMany(a => a.Counting).Where(f => !Imposed.Contains(f.Identity))];
}

/// <summary>Runs schedules of one agent under one hypothesis.</summary>
internal interface IScheduleRunner
{
    /// <summary>Hashes states for strategies that merge them; null where none does.</summary>
    IStateHasher? Hasher { get; }

    /// <summary>Runs one schedule: the strategy decides what comes next.</summary>
    ScheduleResult Run(IStrategy strategy);
}

/// <summary>Runs schedules in this process, each with a fresh driver, container, clock and kernel.</summary>
/// <param name="index">The fixture.</param>
/// <param name="hypothesis">What is mocked.</param>
/// <param name="newDriver">Makes a driver for each schedule.</param>
/// <param name="runtime">Controls the runtime.</param>
/// <param name="isGivenUp">Whether nobody waits any longer for the schedule that runs; null where somebody always does.</param>
/// <param name="seed">The seed of the agent's random numbers, where a strategy gives none.</param>
internal sealed class ScheduleRunner(
    FixtureIndex index,
    Hypothesis hypothesis,
    Func<IReplayDriver> newDriver,
    IRuntimeControl runtime,
    Func<bool>? isGivenUp = null,
    ulong seed = 0
) : IScheduleRunner
{
    // What an agent repeats without end is seen in its beginning.
    private const int MostShown = 500;

    private readonly int _captured = index.Fixture.Attempts.SelectMany(a => a.Turns).Sum(t => 1 + t.Calls.Count);

    /// <summary>The last thing that happened in the schedule that runs, for the watchdog.</summary>
    public string? LastStep =>
        _kernel?.Events.LastOrDefault() is { Label: { } label } step ? $"{label} {(step.Starts ? "was issued" : "completed")}" : null;

    /// <summary>Hashes states for strategies that merge them; null where none does.</summary>
    public IStateHasher? Hasher { get; set; }

    /// <summary>How the calls of one turn run; null where that is the agent's own affair.</summary>
    public ToolsAtOnce? AtOnce { get; init; }

    private JudgedTraces? _faulty,
        _judges;
    private Kernel? _kernel;

    public ScheduleResult Run(IStrategy strategy) => Run(strategy, Drive);

    /// <summary>Drives the agent until it has made one call alone.</summary>
    /// <param name="strategy">What decides what comes next.</param>
    /// <param name="trial">The call.</param>
    /// <param name="inference">What is tried where no response is authored.</param>
    public ScheduleResult Run(IStrategy strategy, ToolTrial trial, HttpInference? inference) =>
        Run(strategy, Drive, () => inference, trial);

    /// <summary>Drives the agent with the calls of each turn one after the other.</summary>
    /// <param name="strategy">What decides what comes next.</param>
    /// <param name="inference">Gives, to the code that asks, what is tried where no response is authored.</param>
    public ScheduleResult Run(IStrategy strategy, Func<HttpInference?> inference) =>
        Run(strategy, Drive, inference, atOnce: new ToolsAtOnce(false));

    private Task Drive(IReplayDriver driver, IServiceProvider services, CancellationToken token) =>
        driver.RunAsync(services, ReplayInput.Of(index.Fixture), token);

    /// <summary>Runs anything on the agent's container, for example one of its tools alone.</summary>
    public ScheduleResult Run(
        IStrategy strategy,
        Func<IReplayDriver, IServiceProvider, CancellationToken, Task> body,
        Func<HttpInference?>? inference = null,
        ToolTrial? trial = null,
        ToolsAtOnce? atOnce = null
    )
    {
        ActivityRecorder? recorder = null;
        ReplayContext? context = null;
        Kernel? kernel = null;
        var run = new DrivenRun(newDriver, body);
        var write = new ReplaySpans(index.Fixture, hypothesis);
        (IReadOnlyList<AgentSpan> Own, IReadOnlyList<Span> Spans)? ended = null;
        _kernel = kernel = new Kernel(strategy, index.Fixture.CapturedAt, runtime)
        {
            RandomSeed = strategy.RandomSeed ?? Xorshift.Word(seed, 0),
            MostCalls = Math.Max(10_000, 10 * _captured),
            IsGivenUp = isGivenUp,
            OnStep = () => recorder!.Step(),
            StateHash = () => Hasher?.Hash(kernel!, context!, recorder!),
            OnEnded = () => ended = EndRun(kernel!, context!, recorder!, write),
            Close = run.CloseAsync,
            WaitChains = () => runtime.WaitChains(kernel!.Root, kernel.LabelOf),
        };
        kernel.Races?.AlsoUnsafe = index.Fixture.Unsafe;
        recorder = new ActivityRecorder(kernel.Time);
        context = new ReplayContext(index, hypothesis)
        {
            SeesTools = true,
            Now = () => kernel.Time.NowTicks,
            Inference = inference,
        };
        var carrier = new KernelCarrier(kernel, context) { Trial = trial };
        var end = kernel.Run(() =>
        {
            recorder.Start();
            ProcessState.Current!.ToolsAtOnce = atOnce ?? AtOnce;
            return run.DriveAsync(carrier);
        });
        if (context.Overlapped || context.Beside > 0)
            (atOnce ?? AtOnce)?.NoteRan();
        var (own, spans) = ended ?? (ActivitySpan.Of(recorder, context.Calls, write, kernel.EndTicks), null!);
        var shown = end is KernelEnd.OutOfBudget or KernelEnd.Cut ? MostShown : int.MaxValue;
        var result = Observation.Of(
            context,
            [.. context.Calls.Take(shown)],
            [.. own.Take(shown)],
            write,
            FactsOf(kernel, end, run, context.Calls),
            Judges(kernel, run),
            spans
        );
        kernel.Races?.Locate(context.Calls);
        return result with { RandomSeed = kernel.RandomSeed, Races = kernel.Races };
    }

    // Every schedule has the same driver. A fault that was put in is nothing that the agent did.
    private JudgedTraces Judges(Kernel kernel, DrivenRun run) =>
        kernel.Faults.Count > 0
            ? _faulty ??= new(index.Known.With(run.Effects))
            : _judges ??= new(index.Known.With(run.Effects) with { AnswersAlone = hypothesis.NeedsCalibration });

    private (IReadOnlyList<AgentSpan>, IReadOnlyList<Span>) EndRun(
        Kernel kernel,
        ReplayContext context,
        ActivityRecorder recorder,
        ReplaySpans write
    )
    {
        context.EndRun();
        var own = ActivitySpan.Of(recorder, context.Calls, write, kernel.EndTicks);
        var failure = ErrorOf(Failure(kernel, KernelEnd.Finished));
        return (own, Observation.SpansOf(context, context.Calls, own, write, failure, kernel.EndTicks));
    }

    private ScheduleFacts FactsOf(Kernel kernel, KernelEnd end, DrivenRun run, IReadOnlyList<BoundaryCall> calls)
    {
        var failure = Failure(kernel, end);
        var error = ErrorOf(failure);
        return new()
        {
            LogHash = CallLog.InOrder(kernel.LogHash, calls, error),
            End = end,
            EndTicks = kernel.EndTicks,
            Failure = error,
            EndedWell = end == KernelEnd.Finished,
            Answered = run.Answered,
            LateCrash = ErrorOf(kernel.LateCrash),
            Events = kernel.Events,
            Choices = kernel.Choices,
            Uncontrolled = kernel.Uncontrolled,
            Endless = kernel.Endless,
            Deadlock = (failure as AgentDeadlockException)?.Message,
            Faults = kernel.Faults,
            Inert = kernel.Inert,
            FailedInitialisers = kernel.FailedInitialisers,
        };
    }

    private static CallError? ErrorOf(Exception? error) => error is null ? null : BoundaryCall.ErrorOf(error);

    private Exception? Failure(Kernel kernel, KernelEnd end)
    {
        if (kernel.Unhandled is { } unhandled)
            return unhandled;
        if (end == KernelEnd.Deadlock)
            return new AgentDeadlockException(runtime.WaitChains(kernel.Root, kernel.NameOf));
        if (end != KernelEnd.Finished || !kernel.Root.IsCompleted)
            return null;
        return kernel.Root.IsCanceled ? new TaskCanceledException(kernel.Root) : kernel.Root.Exception?.InnerException;
    }
}

/// <summary>The agent waits for something that can never happen.</summary>
/// <param name="chains">Who waits for what.</param>
internal sealed class AgentDeadlockException(IReadOnlyList<string> chains) : Exception
{
    public override string Message =>
        $"the agent waits for what can never happen: no operation that will answer is in flight and no timer is armed; "
        + $"{string.Join("; ", chains)}";
}
