#pragma warning disable RS0030 // A library starts threads as it likes.
using System.Collections.Concurrent;

namespace VendorLibrary;

/// <summary>Does what it is given on a thread of its own, as many client libraries do.</summary>
public sealed class Worker : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public Worker() => new Thread(Work) { IsBackground = true }.Start();

    /// <summary>Runs it on the worker's thread.</summary>
    public void Post(Action work) => _work.Add(work);

    /// <summary>A number that the worker's thread makes after a while.</summary>
    public Task<int> MakeAsync(int number)
    {
        var made = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            Thread.Sleep(300);
            made.SetResult(number);
        });
        return made.Task;
    }

    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
        _work.Dispose();
    }
}
