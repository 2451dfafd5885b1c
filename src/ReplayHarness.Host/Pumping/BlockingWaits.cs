#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// The synchronization context of agent code. Continuations go to the pool's queue; a blocking wait (Task.Wait, a contended lock, a
/// semaphore, a monitor) is handed to the pump, which parks the carrier and lets another go on.
/// </summary>
internal sealed class BlockingWaits : SynchronizationContext
{
    public BlockingWaits() => SetWaitNotificationRequired();

    // Whoever posts resumes agent code.
    public override void Post(SendOrPostCallback d, object? state)
    {
        Pump.Current?.CheckThread();
        ThreadPoolOwner.Enqueue(new Posted(d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout) =>
        Pump.Block(waitHandles, waitAll, millisecondsTimeout);

    /// <summary>A real wait, for threads that the pump does not own, and with a time-out of 0 to ask whether a wait is over.</summary>
    public static int WaitForReal(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout) =>
        WaitHelper(waitHandles, waitAll, millisecondsTimeout);

    private sealed class Posted(SendOrPostCallback callback, object? state) : IThreadPoolWorkItem
    {
        public void Execute() => callback(state);
    }
}

/// <summary>A carrier that waits inside agent code.</summary>
internal sealed class BlockedWait(Carrier carrier, IntPtr[] handles, bool waitAll)
{
    private bool _isOver;

    public Carrier Carrier => carrier;

    public VirtualTimer? Timeout { get; set; }

    public int Result { get; set; } = WaitHandle.WaitTimeout;

    /// <summary>
    /// True where the wait is over; then <see cref="Result"/> says which handle ended it. To ask is to wait: a handle that resets itself
    /// tells it once, so the answer is kept.
    /// </summary>
    public bool IsSignalled()
    {
        if (!_isOver && handles.Length > 0)
        {
            Result = BlockingWaits.WaitForReal(handles, waitAll, 0);
            _isOver = Result != WaitHandle.WaitTimeout;
        }
        return _isOver;
    }
}

/// <summary>Unwinds agent code that is still blocked when its replay ends.</summary>
internal sealed class ReplayEndedException : Exception;
