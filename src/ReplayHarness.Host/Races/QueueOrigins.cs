using System.Collections.Concurrent;

namespace ReplayHarness.Host.Races;

/// <summary>
/// Who queued each work item, item by item, in the order of the pool's two queues. One segment runs at a time, so what is new in a queue
/// since the last event was queued by it, after that event and before the next: exact, though the runtime's own queue tells nobody.
/// </summary>
internal sealed class QueueOrigins
{
    private readonly ConcurrentQueue<object> _normalItems,
        _urgentItems;
    private readonly Queue<Origin> _normal = new(),
        _urgent = new();

    public QueueOrigins(ConcurrentQueue<object> normal, ConcurrentQueue<object> urgent)
    {
        (_normalItems, _urgentItems) = (normal, urgent);
        Add(static () => Origin.Unknown);
    }

    /// <summary>True where something was queued since the last event.</summary>
    public bool HasNew => _normalItems.Count > _normal.Count || _urgentItems.Count > _urgent.Count;

    /// <summary>What is new was queued by whoever runs.</summary>
    public void Add(Func<Origin> running)
    {
        if (!HasNew)
            return;
        var origin = running();
        while (_normal.Count < _normalItems.Count)
            _normal.Enqueue(origin);
        while (_urgent.Count < _urgentItems.Count)
            _urgent.Enqueue(origin);
    }

    /// <summary>The origin of the item that was just taken out of a queue.</summary>
    /// <param name="urgent">Whether it was the queue that goes first.</param>
    public Origin Take(bool urgent) => (urgent ? _urgent : _normal).TryDequeue(out var origin) ? origin : Origin.Unknown;
}
