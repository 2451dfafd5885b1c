using System.Threading.Channels;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Ui;

/// <summary>A replay that was started from a page: how far it is, and how it ended.</summary>
/// <param name="id">Its name.</param>
/// <param name="incident">The incident that is replayed.</param>
internal sealed class UiReplay(string id, string incident) : IProgress<ReplayProgress>
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Channel<UiEvent>> _listeners = [];
    private UiEvent _last = new("begins");

    /// <summary>Its name.</summary>
    public string Id => id;

    /// <summary>The incident that is replayed.</summary>
    public string Incident => incident;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _last is { Verdict: not null } or { Error: not null };

    /// <summary>Stops it: what was explored so far is judged.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc/>
    public void Report(ReplayProgress value) => Tell(new(value.ToString(), value.Fraction));

    /// <summary>Runs to its end.</summary>
    /// <param name="replay">Replays.</param>
    /// <param name="ended">Is given what it shows.</param>
    public async Task RunAsync(Func<IProgress<ReplayProgress>, CancellationToken, Task<ReplayReport>> replay, Action<ReplayReport> ended)
    {
        try
        {
            var report = await replay(this, _stop.Token);
            ended(report);
            Tell(new(report.Sentence, Verdict: report.Verdict.Text()));
        }
        catch (Exception e) when (IsToldToPeople(e))
        {
            Tell(new("it could not be replayed", Error: Unseen.Spelt(e.Message)));
        }
        finally
        {
            // A mistake of the harness itself.
            if (!HasEnded)
                Tell(new("it could not be replayed", Error: "the replay broke off; run the same in a terminal, which says more"));
        }
    }

    /// <summary>Whether an exception says to a person what to do, and is no mistake of the harness.</summary>
    public static bool IsToldToPeople(Exception e) =>
        e
            is BadInputException
                or HostFailedException
                or UncontrollableRuntimeException
                or IOException
                or UnauthorizedAccessException
                or OperationCanceledException;

    /// <summary>What becomes of it, from how far it is now to its end.</summary>
    public async IAsyncEnumerable<UiEvent> EventsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        var events = Channel.CreateUnbounded<UiEvent>();
        lock (_gate)
        {
            events.Writer.TryWrite(_last);
            if (HasEnded)
                events.Writer.Complete();
            else
                _listeners.Add(events);
        }
        try
        {
            await foreach (var told in events.Reader.ReadAllAsync(token))
                yield return told;
        }
        finally
        {
            lock (_gate)
                _listeners.Remove(events);
        }
    }

    private void Tell(UiEvent told)
    {
        lock (_gate)
        {
            _last = told;
            foreach (var listener in _listeners)
            {
                listener.Writer.TryWrite(told);
                if (HasEnded)
                    listener.Writer.Complete();
            }
            if (HasEnded)
                _listeners.Clear();
        }
    }
}
