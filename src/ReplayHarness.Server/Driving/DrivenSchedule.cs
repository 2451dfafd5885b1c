using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Server.Driving;

/// <summary>
/// One schedule of an agent in another process. Its requests are held. By the clock, each is answered when it is due; else, once the agent
/// has grown quiet (no request comes or ends, and its processes use no processor), the strategy chooses which is answered next, and that
/// one is answered at once.
/// </summary>
internal sealed class DrivenSchedule : IResponder
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_sampleWork = TimeSpan.FromMilliseconds(10);

    private readonly DriveClock _clock;
    private readonly IStrategy _strategy;
    private readonly Func<string, string, bool> _isAsBefore;
    private readonly Lock _gate = new();
    private readonly List<Held> _held = [];
    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    private TimeSpan _changed,
        _sampled;
    private string _answered = "";
    private long _work;
    private int _sending,
        _released;

    /// <param name="clock">The schedule's time.</param>
    /// <param name="strategy">Decides.</param>
    /// <param name="context">Plays the recording, and leaves to this when answers come.</param>
    /// <param name="isAsBefore">Given the choices so far and what is enabled: whether those choices led to the same before.</param>
    public DrivenSchedule(DriveClock clock, IStrategy strategy, ReplayContext context, Func<string, string, bool> isAsBefore) =>
        (_clock, _strategy, Context, _isAsBefore) = (clock, strategy, context, isAsBefore);

    private sealed record Held(string Label, long DueTicks, Answer Answer)
    {
        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsReleased { get; set; }

        /// <summary>When it came.</summary>
        public required TimeSpan Since { get; init; }

        /// <summary>How many answers had been released when it came.</summary>
        public required int After { get; init; }

        public bool WillAnswer => DueTicks != Operation.Never && !IsReleased;
    }

    /// <summary>How far the recording was played.</summary>
    public ReplayContext Context { get; }

    public List<KernelEvent> Events { get; } = [];

    public List<int> Choices { get; } = [];

    public ulong LogHash { get; private set; } = KernelLog.Empty;

    /// <summary>True where the agent asked for something else after the same choices than before.</summary>
    public bool IsUnsteady { get; private set; }

    /// <summary>
    /// The first request that the agent gave up on although its answer would have come, and although it had got no other answer since: its
    /// own time-out passed while the answer was held. Null for none.
    /// </summary>
    public string? Overtaken { get; private set; }

    /// <summary>
    /// The requests that the agent gave up on after it had got another answer: because of that, or because its own time-out passed.
    /// </summary>
    public List<GivenUp> GivenUp { get; } = [];

    /// <summary>What was in flight when it ended.</summary>
    public IReadOnlyList<string> InFlight
    {
        get
        {
            lock (_gate)
                return [.. _held.Select(h => h.Label)];
        }
    }

    /// <summary>Answers requests until the agent ends, the deadline passes, or the agent contradicts the fixture.</summary>
    /// <returns>False where the deadline passed.</returns>
    public async Task<bool> RunAsync(ChildProcess child, TimeSpan deadline, TimeSpan settle, CancellationToken cancellationToken)
    {
        while (!child.HasExited && Context.Divergence is null && !IsUnsteady)
        {
            if (_clock.Real > deadline)
                return false;
            cancellationToken.ThrowIfCancellationRequested();
            if (Next(child, settle) is { } next)
                next.Released.TrySetResult();
            else
                await _clock.PauseAsync(s_poll, cancellationToken).ConfigureAwait(false);
        }
        lock (_gate)
            _held.ForEach(NoteGivenUp);
        return true;
    }

    public async Task AnswerAsync(Answer answer, Func<Outcome, Task> send, CancellationToken aborted)
    {
        var held = Hold(answer);
        var outcome = answer.Delivered;
        try
        {
            await held.Released.Task.WaitAsync(aborted).ConfigureAwait(false);
            answer.Call!.Output = outcome.Output;
            await send(outcome).ConfigureAwait(false);
            End(held, outcome);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // What never answers ends with the agent's own time-out.
            var error = answer.Latency is null ? outcome.Error : null;
            End(held, outcome with { Error = error ?? BoundaryCall.ErrorOf(new OperationCanceledException("the agent gave up")) });
            throw;
        }
    }

    public Task GapAsync(double seconds, CancellationToken aborted) =>
        _strategy.KeepsPace ? _clock.DelayAsync(seconds, aborted) : Task.CompletedTask;

    public Task LeaveAsync(CancellationToken aborted) => _clock.PauseAsync(ScaledResponder.Leaving, aborted);

    private Held Hold(Answer answer)
    {
        lock (_gate)
        {
            var call = answer.Call!;
            var number = _occurrences[call.Name] = _occurrences.GetValueOrDefault(call.Name) + 1;
            // A tool's call is named by what it asks.
            var label = call is { Kind: BoundaryKind.Tool, Behaviour: { } behaviour } ? behaviour.Id : $"{call.Name}#{number}";
            Context.Begin(call, _clock.NowTicks);
            var due = answer.Latency is { } latency ? call.StartTicks + _strategy.Latency(latency).Ticks : Operation.Never;
            var held = new Held(label, due, answer) { After = _released, Since = _clock.Real };
            Context.Enter(answer);
            _held.Add(held);
            Note(label, starts: true);
            return held;
        }
    }

    private void End(Held held, Outcome outcome)
    {
        lock (_gate)
        {
            _held.Remove(held);
            Context.Leave(held.Answer);
            if (held.IsReleased)
                _sending--;
            else
                NoteGivenUp(held);
            held.Answer.Call!.End(_clock.NowTicks, outcome);
            _changed = _clock.Real;
        }
    }

    // By the clock, an answer that comes too late is the agent's business.
    private void NoteGivenUp(Held held)
    {
        if (_strategy.KeepsPace || !held.WillAnswer || Context.Divergence is not null)
            return;
        if (held.After == _released)
            Overtaken ??= held.Label;
        else
            GivenUp.Add(new(held.Label, _answered, _clock.Real - held.Since));
    }

    private Held? Next(ChildProcess child, TimeSpan settle)
    {
        lock (_gate)
        {
            Held[] enabled = [.. _held.Where(h => h.WillAnswer).OrderBy(h => h.DueTicks).ThenBy(h => h.Label, StringComparer.Ordinal)];
            if (enabled.Length == 0)
                return null;
            var next =
                _strategy.KeepsPace ? (enabled[0].DueTicks <= _clock.NowTicks ? enabled[0] : null)
                : IsQuiet(child, settle) ? Chosen(enabled)
                : null;
            if (next is null)
                return null;
            next.IsReleased = true;
            _sending++;
            _released++;
            _answered = next.Label;
            Note(next.Label, starts: false);
            return next;
        }
    }

    private Held? Chosen(Held[] enabled)
    {
        if (enabled.Length == 1)
            return enabled[0];
        // What arrives when is the agent's own; what it asks for tells requests apart.
        Array.Sort(enabled, static (a, b) => string.CompareOrdinal(a.Label, b.Label));
        IsUnsteady = !_isAsBefore(string.Join(',', Choices), string.Join(' ', enabled.Select(h => h.Label)));
        if (IsUnsteady)
            return null;
        Choice[] choices = [.. enabled.Select(h => new Choice(h.Label, h.DueTicks, IsTimer: false, h.Label))];
        var chosen = _strategy.Choose(new Decision(choices, () => _clock.NowTicks, static () => null));
        Choices.Add(chosen);
        return enabled[chosen];
    }

    private bool IsQuiet(ChildProcess child, TimeSpan settle)
    {
        var now = _clock.Real;
        if (now - _sampled >= s_sampleWork)
        {
            _sampled = now;
            var work = child.Work;
            if (work != _work)
                _changed = now;
            _work = work;
        }
        return _sending == 0 && now - _changed >= settle;
    }

    private void Note(string label, bool starts)
    {
        _changed = _clock.Real;
        Events.Add(new(label, starts));
        if (!starts)
            foreach (var c in label)
                LogHash = KernelLog.Mix(LogHash, c);
    }
}
