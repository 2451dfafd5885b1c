using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Knows for whom it works by its thread, which is another once it has waited.</summary>
public sealed class KnowsByItsThread : CommonLoop
{
    [ThreadStatic]
    private static string? t_tenant;

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        t_tenant = "acme";
        var result = await base.CallAsync(services, call, token);
        return t_tenant == "acme" ? result : throw new InvalidOperationException("nobody's shelf");
    }
}

/// <summary>Knows for whom it works wherever it goes on.</summary>
public sealed class KnowsByItsFlow : CommonLoop
{
    private static readonly AsyncLocal<string?> s_tenant = new();

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        s_tenant.Value = "acme";
        var result = await base.CallAsync(services, call, token);
        return s_tenant.Value == "acme" ? result : throw new InvalidOperationException("nobody's shelf");
    }
}

/// <summary>Holds a monitor while it waits, and leaves it on whatever thread it goes on.</summary>
public sealed class HoldsAMonitor : CommonLoop
{
    private readonly object _gate = new();

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        Monitor.Enter(_gate);
        var result = await base.CallAsync(services, call, token);
        try
        {
            Monitor.Exit(_gate);
        }
        catch (SynchronizationLockException)
        {
            throw new InvalidOperationException("not the thread that entered");
        }
        return result;
    }
}

/// <summary>Holds a semaphore while it waits, which belongs to no thread; and a lock while it does not.</summary>
public sealed class HoldsASemaphore : CommonLoop
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _lock = new();
    private int _calls;

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        await _gate.WaitAsync(token);
        try
        {
            lock (_lock)
                _calls++;
            return await base.CallAsync(services, call, token);
        }
        finally
        {
            _gate.Release();
        }
    }
}

/// <summary>Asks for something else where it goes on on another thread.</summary>
public sealed class AsksByItsThread : CommonLoop
{
    [ThreadStatic]
    private static bool t_isKnown;

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        t_isKnown = true;
        await Task.Delay(TimeSpan.FromSeconds(1), services.Time(), token);
        var about = t_isKnown ? call.Arguments!["of"] : "?";
        return await base.CallAsync(services, new(call.CallId, call.Name, new Dictionary<string, object?> { ["of"] = about }), token);
    }
}

/// <summary>Writes down which call was first, in a file that its next run finds.</summary>
public abstract class WritesDown(bool minds) : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        var result = await base.CallAsync(services, call, token);
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "shelves"));
        var file = Path.Combine(folder.FullName, "first");
        if (File.Exists(file))
            return result;
        if (minds && call.CallId != "a")
            throw new InvalidOperationException("begun by the wrong call");
        await File.WriteAllTextAsync(file, call.CallId, token);
        return result;
    }
}

public sealed class WritesDownAndMinds() : WritesDown(minds: true);

public sealed class WritesDownOnly() : WritesDown(minds: false);

/// <summary>Runs all of it on one thread, with a context of its own, as user interfaces do.</summary>
public class RunsOnItsLoop : CommonLoop
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    protected virtual bool WaitsInIt => false;

    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        Task.Run(() => Loop(() => RunInLoopAsync(services, input, cancellationToken)), cancellationToken);

    private async Task RunInLoopAsync(IServiceProvider services, ReplayInput input, CancellationToken token)
    {
        if (SynchronizationContext.Current is not Context)
            throw new NotSupportedException("it is not on its loop");
        var run = base.RunAsync(services, input, token);
        if (WaitsInIt && !run.Wait(TimeSpan.FromSeconds(30)))
            throw new InvalidOperationException("nobody's shelf");
        await run;
    }

    private void Loop(Func<Task> body)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(_queue));
        try
        {
            var task = body();
            task.ContinueWith(_ => _queue.CompleteAdding(), TaskScheduler.Default);
            foreach (var (callback, state) in _queue.GetConsumingEnumerable())
                callback(state);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class Context(BlockingCollection<(SendOrPostCallback, object?)> queue) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => queue.Add((d, state));
    }
}

/// <summary>Waits on its only thread for what needs that thread.</summary>
public sealed class WaitsForItsLoop : RunsOnItsLoop
{
    protected override bool WaitsInIt => true;
}

/// <summary>Needs a context, where a console has none.</summary>
public sealed class NeedsAContext : CommonLoop
{
    protected override Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token) =>
        SynchronizationContext.Current is null && TaskScheduler.FromCurrentSynchronizationContext() is not null
            ? base.CallAsync(services, call, token)
            : throw new NotSupportedException("a console has no context");
}
