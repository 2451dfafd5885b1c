using ReplayHarness.Host.Races;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Pumping;

/// <content>Code between two awaits: what it knows of what ran before it, and where it is stopped.</content>
internal sealed partial class Pump
{
    private readonly RaceDetector? _races;
    private readonly Queue<BlockedWait> _looping = [];
    private BlockedWait? _preempted;
    private string? _awaitedAnswer,
        _lastStep;

    /// <inheritdoc/>
    public object? Origin =>
        _races is null ? null
        : Carrier.Current is null ? Races.Origin.Unknown
        : _races.Known();

    /// <inheritdoc/>
    public void Do(object? origin, string label, Action step)
    {
        if (_races is null)
        {
            step();
            return;
        }
        _lastStep = label;
        _races.Begin(origin is Origin known ? known with { Serves = label } : new(Clock.Empty, label));
        var timer = step.Target as VirtualTimer;
        // The callbacks of one timer come one after the other, as long as none takes longer than its period.
        RaceHooks.Acquire(timer);
        try
        {
            step();
        }
        finally
        {
            if (timer is not null)
                RaceHooks.EndTimer(timer);
            _races.End();
        }
    }

    /// <summary>Stops the code that runs until nothing else is ready, and an answer has come where one is given.</summary>
    /// <param name="answer">The answer; null for none.</param>
    public static void Preempt(string? answer)
    {
        if (Current is not { _preempted: null } pump || Carrier.Current is not { } self)
            return;
        pump._preempted = new BlockedWait(self, [], waitAll: false);
        pump._awaitedAnswer = answer;
        pump._blocked.Add(pump._preempted);
        self.HandTo(Carrier.Take(ServeCurrent), becomeIdle: false);
        if (pump._unwinding)
            throw new ReplayEndedException();
    }

    /// <summary>
    /// The code that runs waits in a loop: where code is stopped, it waits for that, as threads do that take turns. It goes on once that
    /// has gone on, and nothing else is ready.
    /// </summary>
    public static void LetPreemptedGoOn()
    {
        if (Current is not { _preempted: not null } pump || Carrier.Current is not { } self)
            return;
        var wait = new BlockedWait(self, [], waitAll: false);
        pump._blocked.Add(wait);
        pump._looping.Enqueue(wait);
        self.HandTo(Carrier.Take(ServeCurrent), becomeIdle: false);
        if (pump._unwinding)
            throw new ReplayEndedException();
    }

    private bool GoOnWithPreempted()
    {
        if (_preempted is not { } preempted)
        {
            var any = _looping.TryDequeue(out var looping);
            if (any)
                Resume(looping!);
            return any;
        }
        var answer = _awaitedAnswer;
        _awaitedAnswer = null;
        if (answer is not null && _listener.Answer(answer))
            return true;
        _preempted = null;
        Resume(preempted);
        return true;
    }
}
