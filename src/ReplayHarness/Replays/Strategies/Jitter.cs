namespace ReplayHarness.Replays.Strategies;

/// <summary>
/// A given number of schedules in which every latency is up to a given part shorter or longer than captured; everything then happens when
/// it is due, timers too.
/// </summary>
internal sealed class Jitter(ulong seed, int schedules, int percent) : IStrategy
{
    public bool KeepsPace => true;

    private readonly CapturedOrder _order = new();
    private int _run;
    private Xorshift _random;

    /// <summary>The number of the first of them; what a number draws depends on the seed alone.</summary>
    public int First
    {
        get;
        init => (field, _run) = (value, value);
    }

    public ulong? RandomSeed => Xorshift.Word(seed, _run);

    public void Begin() => _random = Xorshift.Of(seed, _run);

    public int Choose(Decision decision) => _order.Choose(decision);

    public TimeSpan Latency(TimeSpan captured) => captured * (1 + ((_random.Below((200 * percent) + 1) - (100 * percent)) / 10_000.0));

    public bool Next(string? outcome) => ++_run < First + schedules;
}
