#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
namespace ReplayHarness.Host.Pumping;

/// <summary>
/// A synchronization context of the agent's own, as a loop on one thread has it: it gets what is posted, and the pump what blocks.
/// </summary>
internal sealed class AgentsContext : SynchronizationContext
{
    private AgentsContext(SynchronizationContext agents)
    {
        Agents = agents;
        SetWaitNotificationRequired();
    }

    private SynchronizationContext Agents { get; }

    /// <summary>What stands in for a context that agent code sets.</summary>
    public static SynchronizationContext For(SynchronizationContext agents) =>
        agents is AgentsContext or BlockingWaits ? agents : new AgentsContext(agents);

    /// <summary>What agent code sees of the current context: its own, or none, as in a console.</summary>
    public static SynchronizationContext? Seen =>
        Current switch
        {
            AgentsContext own => own.Agents,
            BlockingWaits => null,
            var other => other,
        };

    public override void Post(SendOrPostCallback d, object? state) => Agents.Post(d, state);

    public override void Send(SendOrPostCallback d, object? state) => Agents.Send(d, state);

    public override void OperationStarted() => Agents.OperationStarted();

    public override void OperationCompleted() => Agents.OperationCompleted();

    public override SynchronizationContext CreateCopy() => For(Agents.CreateCopy());

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout) =>
        Pump.Block(waitHandles, waitAll, millisecondsTimeout);
}
