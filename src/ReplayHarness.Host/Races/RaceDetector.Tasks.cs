using System.Runtime.InteropServices;

namespace ReplayHarness.Host.Races;

/// <content>Tasks, and other objects by which pieces wait for each other.</content>
internal sealed partial class RaceDetector
{
    private readonly Dictionary<object, object> _readers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, object> _threads = [];

    private readonly Dictionary<object, Clock> _released = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Task, List<Task>> _joins = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Task> _loops = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Task> _heard = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whoever runs goes on after everything that an object has released.</summary>
    /// <param name="of">The object.</param>
    /// <param name="always">Whether that holds in every run.</param>
    public void Acquire(object of, bool always)
    {
        NoteQueued();
        NoteMeeting(of, TakePlace());
        if (_released.TryGetValue(of, out var clock))
            Running.Clock = Running.Clock.Join(clock, always);
    }

    /// <summary>What stands for those who read under a lock.</summary>
    public object ReadersOf(object gate)
    {
        if (!_readers.TryGetValue(gate, out var readers))
            _readers.Add(gate, readers = new object());
        return readers;
    }

    /// <summary>The piece that runs uses what belongs to its thread: pieces of one thread come one after the other.</summary>
    public void UseThread()
    {
        if (Running.Thread is not null)
            return;
        if (!_threads.TryGetValue(Environment.CurrentManagedThreadId, out var thread))
            _threads.Add(Environment.CurrentManagedThreadId, thread = new object());
        Acquire(Running.Thread = thread, always: true);
    }

    private void ReleaseThread()
    {
        if (_running?.Thread is { } thread)
            Release(thread);
    }

    /// <summary>Whoever acquires the object later goes on after this.</summary>
    public void Release(object of)
    {
        NoteQueued();
        var mine = _slots.Release(Running);
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_released, of, out var exists);
        known = exists ? known!.Join(mine, always: true) : mine;
    }

    /// <summary>An async method goes on where it was.</summary>
    public void GoOn(Origin origin)
    {
        NoteQueued();
        Running.Clock = Running.Clock.Join(origin.Clock, always: true);
    }

    /// <summary>The code that runs waits for a task: where that has ended, it knows what that knew.</summary>
    public void Await(Task task)
    {
        Running.Awaited = task;
        if (task.IsCompleted)
            Acquire(task, always: true);
    }

    /// <summary>Hears when a task ends: on the thread that ends it, and before what goes on then.</summary>
    public void Hear(Task task)
    {
        if (task.IsCompleted || !_heard.Add(task))
            return;
#pragma warning disable RS0030 // It stays on the thread that ends the task.
        _ = task.ContinueWith(
            static (ended, detector) =>
            {
                if (Here is { } here && here == detector)
                    here.Completed(ended);
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
#pragma warning restore RS0030
    }

    /// <summary>Whoever runs ends a task.</summary>
    public void Completed(Task task)
    {
        if (_loops.Contains(task))
            KnowAll();
        Release(task);
        if (!_joins.TryGetValue(task, out var joins))
            return;
        // Who ends the last of them goes on after all.
        foreach (var join in joins)
        {
            Acquire(join, always: true);
            Release(join);
        }
    }

    /// <summary>A parallel loop begins.</summary>
    public RaceLoop BeginLoop()
    {
        var loop = new RaceLoop(Known());
        Running.Loops.Push(loop);
        return loop;
    }

    /// <summary>The loop that began last has ended.</summary>
    public void EndLoop()
    {
        if (Running.Loops.TryPop(out var loop))
            Running.Clock = Running.Clock.Join(loop.Ended, always: true);
    }

    /// <summary>A loop that awaits ends after everything: which of its workers did what, nobody tells.</summary>
    public void HearLoop(Task task)
    {
        _loops.Add(task);
        Hear(task);
    }

    /// <summary>Whoever runs goes on after everything.</summary>
    public void KnowAll() => Running.Clock = Running.Clock.Join(_slots.Everything(), always: true);

    /// <summary>A task ends with the last of others.</summary>
    public void Join(Task all, IReadOnlyList<Task> tasks)
    {
        foreach (var task in tasks)
            if (task.IsCompleted)
            {
                if (_released.TryGetValue(task, out var clock))
                    _released[all] = _released.TryGetValue(all, out var known) ? known.Join(clock, always: true) : clock;
            }
            else
            {
                ref var joins = ref CollectionsMarshal.GetValueRefOrAddDefault(_joins, task, out _);
                (joins ??= []).Add(all);
            }
    }
}
