namespace ReplayHarness.Host.Races;

/// <summary>
/// The permits of a semaphore: who takes one goes on after who gave it back. One that lets several in at once orders them no more than
/// that.
/// </summary>
/// <param name="free">How many were free when it was first met: nobody gave these back.</param>
internal sealed class Permits(int free)
{
    private readonly Queue<Clock> _free = new(Enumerable.Repeat(Clock.Empty, free));
    private Clock _passed = Clock.Empty;
    private int _waiting;

    /// <summary>Takes one: what is known then.</summary>
    public Clock Take()
    {
        if (_free.TryDequeue(out var given))
            _passed = _passed.Join(given, always: false);
        return _passed;
    }

    /// <summary>Somebody waits until one is given back: who gives it goes on with him.</summary>
    public void Wait() => _waiting++;

    /// <summary>Gives one back.</summary>
    public void Give(Clock clock)
    {
        if (_waiting == 0)
        {
            _free.Enqueue(clock);
            return;
        }
        _waiting--;
        _passed = _passed.Join(clock, always: false);
    }
}
