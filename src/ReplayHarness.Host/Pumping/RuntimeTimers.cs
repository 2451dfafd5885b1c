#pragma warning disable RS0030 // Threads and timers belong to Pumping: this folder is the one owner of the banned APIs.
using System.Linq.Expressions;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// Mirrors the runtime's own timers (Task.Delay without a TimeProvider, CancelAfter, Timer, HttpClient.Timeout) into the virtual clock:
/// each armed timer of the agent gets a virtual twin that fires it, and the runtime's own firing is discarded.
/// </summary>
internal sealed class RuntimeTimers(VirtualTime time)
{
    // A mirrored timer's start carries this mark. Any re-arm overwrites it, so a change within one real millisecond is still seen.
    private const long Mirrored = long.MaxValue / 4;

    private static object[] s_queues = [];
    private static Type? s_queueType;
    private static Func<object, object?> s_short = null!,
        s_long = null!,
        s_next = null!,
        s_callback = null!,
        s_state = null!;
    private static Func<object, uint> s_due = null!,
        s_period = null!;
    private static Func<object, long> s_start = null!;
    private static Action<object, long> s_setStart = null!;
    private static Action<object> s_fire = null!;
    private static readonly HashSet<object> s_before = new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<object, Twin> _twins = new(ReferenceEqualityComparer.Instance);
    private readonly List<object> _fresh = [];
    private readonly long _activeBefore = Timer.ActiveCount;

    private sealed class Twin(VirtualTimer timer)
    {
        public VirtualTimer Timer => timer;
        public bool Seen { get; set; }
    }

    public static bool IsQueue(object item) => item.GetType() == s_queueType;

    public static void TakeOver()
    {
        var names = RuntimeParts.Current.Timers;
        s_queueType = RuntimeParts.TypeNamed(typeof(object).Assembly, names.QueueType);
        var timer = RuntimeParts.TypeNamed(typeof(object).Assembly, names.TimerType);
        s_queues = [.. ((Array)RuntimeParts.Property(s_queueType, names.Queues).GetValue(null)!).Cast<object>()];
        s_short = RuntimeParts.Getter<object?>(s_queueType, names.Short);
        s_long = RuntimeParts.Getter<object?>(s_queueType, names.Long);
        s_next = RuntimeParts.Getter<object?>(timer, names.Next);
        s_callback = RuntimeParts.Getter<object?>(timer, names.Callback);
        s_state = RuntimeParts.Getter<object?>(timer, names.State);
        s_due = RuntimeParts.Getter<uint>(timer, names.Due);
        s_period = RuntimeParts.Getter<uint>(timer, names.Period);
        s_start = RuntimeParts.Getter<long>(timer, names.Start);
        s_setStart = RuntimeParts.Setter<long>(timer, names.Start);
        s_fire = Firing(timer);
        // Every timer goes to the long list, whose order is then the order of creation.
        SetThreshold(0);
        foreach (var active in Active())
            s_before.Add(active);
    }

    /// <summary>Timers that are due before this time, in milliseconds of the real clock, go to the short list.</summary>
    public static void SetThreshold(long milliseconds)
    {
        foreach (var queue in s_queues)
            RuntimeParts.Field(s_queueType!, RuntimeParts.Current.Timers.Threshold).SetValue(queue, milliseconds);
    }

    /// <summary>Brings the virtual twins in line with the runtime's timers; called at quiescence only.</summary>
    public void Sync()
    {
        if (_twins.Count == 0 && Timer.ActiveCount == _activeBefore)
            return;
        foreach (var twin in _twins.Values)
            twin.Seen = false;
        _fresh.Clear();
        foreach (var active in Active())
        {
            if (s_before.Contains(active))
                continue;
            if (s_start(active) == Mirrored && _twins.TryGetValue(active, out var twin))
                twin.Seen = true;
            else
                _fresh.Add(active);
        }
        foreach (var (runtimeTimer, twin) in _twins.Where(t => !t.Value.Seen).ToArray())
        {
            twin.Timer.Dispose();
            _twins.Remove(runtimeTimer);
        }
        // The list holds the newest first; twins are made oldest first.
        for (var i = _fresh.Count - 1; i >= 0; i--)
            Mirror(_fresh[i]);
    }

    /// <summary>Disposes what the agent left armed, so that nothing of one schedule reaches the next.</summary>
    public void DisposeLeftovers()
    {
        foreach (var timer in time.Timers)
            Forget(timer.For.State);
        foreach (var active in Active().Where(a => !s_before.Contains(a)).ToArray())
        {
            Forget(s_state(active));
            ((ITimer)active).Dispose();
        }
        _twins.Clear();
    }

    // The finalizer of a periodic timer wakes who waits for it: agent code of a schedule that is over would go on, on its thread.
    private static void Forget(object? state)
    {
        if (
            state?.GetType() is { } type
            && type.DeclaringType == typeof(PeriodicTimer)
            && RuntimeParts.Field(type, RuntimeParts.Current.Timers.PeriodicOwner).GetValue(state) is { } owner
        )
#pragma warning disable CA1816 // It is not this object's own.
            GC.SuppressFinalize(owner);
#pragma warning restore CA1816
    }

    private void Mirror(object runtimeTimer)
    {
        var period = s_period(runtimeTimer);
        var once = period is 0 or uint.MaxValue;
        var timer = time.Create(
            _ => Fire(runtimeTimer, once),
            null,
            TimeSpan.FromMilliseconds(s_due(runtimeTimer)),
            once ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(period),
            context: null,
            LabelOf(runtimeTimer),
            (s_callback(runtimeTimer) as Delegate, s_state(runtimeTimer))
        );
        _twins[runtimeTimer] = new Twin(timer);
        s_setStart(runtimeTimer, Mirrored);
    }

    private void Fire(object runtimeTimer, bool once)
    {
        if (once)
            _twins.Remove(runtimeTimer);
        s_fire(runtimeTimer);
    }

    private static string LabelOf(object runtimeTimer) =>
        s_callback(runtimeTimer) is Delegate callback ? VirtualTimer.LabelOf(callback) : "timer";

    private static IEnumerable<object> Active()
    {
        foreach (var queue in s_queues)
        {
            for (var timer = s_short(queue); timer is not null; timer = s_next(timer))
                yield return timer;
            for (var timer = s_long(queue); timer is not null; timer = s_next(timer))
                yield return timer;
        }
    }

    // What the queue does when a timer is due: a one-shot leaves its queue under the queue's lock, then fires.
    private static Action<object> Firing(Type timerType)
    {
        var names = RuntimeParts.Current.Timers;
        var timer = Expression.Parameter(typeof(object));
        var queue = Expression.Parameter(typeof(object));
        var typed = Expression.Convert(timer, timerType);
        var fire = Expression
            .Lambda<Action<object>>(Expression.Call(typed, RuntimeParts.Method(timerType, names.Fire), Expression.Constant(false)), timer)
            .Compile();
        var delete = Expression
            .Lambda<Action<object, object>>(
                Expression.Call(Expression.Convert(queue, s_queueType!), RuntimeParts.Method(s_queueType!, names.Delete), typed),
                queue,
                timer
            )
            .Compile();
        var sharedLock = Expression
            .Lambda<Func<object, Lock>>(
                Expression.Property(Expression.Convert(queue, s_queueType!), RuntimeParts.Property(s_queueType!, names.Lock)),
                queue
            )
            .Compile();
        var queueOf = RuntimeParts.Getter<object>(timerType, names.QueueOf);
        return t =>
        {
            if (s_period(t) is 0 or uint.MaxValue)
                lock (sharedLock(queueOf(t)))
                    delete(queueOf(t), t);
            fire(t);
        };
    }
}
