using System.Globalization;

namespace ReplayHarness.Replays;

/// <content>
/// What one schedule may take. An agent that tries again for ever never ends by itself: it is stopped after as much as no run takes that
/// will end, and what it repeated is told.
/// </content>
internal sealed partial class Kernel
{
    private const int MostSteps = 250_000;
    private const int MostItems = 10_000_000;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromDays(365);
    private static readonly long s_mostVirtual = s_mostTime.Ticks;

    private int _calls;
    private bool _isOver;

    /// <summary>The most calls that a schedule may make.</summary>
    public int MostCalls { get; init; } = 10_000;

    /// <summary>Whether nobody waits for this schedule any longer; null where somebody always does.</summary>
    public Func<bool>? IsGivenUp { get; init; }

    /// <summary>Which bound was reached, and what was repeated until then; null where none was.</summary>
    public string? Endless { get; private set; }

    bool IPumpListener.MayGoOn(int items)
    {
        if (!IsCut() && items < MostItems)
            return true;
        if (_end is null && _endTicks is null)
            Reach(MostItems, "work items without a call or a timer between them");
        return BeOver();
    }

    private bool BeOver()
    {
        _isOver = true;
        return false;
    }

    private bool IsCut()
    {
        if (IsGivenUp?.Invoke() == true)
            _end ??= KernelEnd.Cut;
        return _end == KernelEnd.Cut;
    }

    private bool IsEndless()
    {
        if (_calls >= MostCalls)
            Reach(MostCalls, "calls");
        else if (Steps > MostSteps)
            Reach(MostSteps, "steps");
        else if (Time.NowTicks > s_mostVirtual)
            Reach(s_mostTime.TotalDays, "days of virtual time");
        return _end is not null;
    }

    private void Reach(double bound, string what)
    {
        _end = KernelEnd.OutOfBudget;
        Endless = string.Create(CultureInfo.InvariantCulture, $"a schedule reached the bound of {bound:#,0} {what}{Repeated()}");
    }

    // The calls say most of what an agent does; where there are few, the timers.
    private string Repeated()
    {
        var (called, calls) = MostFrequent(Events.Where(e => e.Starts).Select(e => e.Label[..e.Label.LastIndexOf('#')]));
        if (calls >= MostCalls / 10)
            return string.Create(CultureInfo.InvariantCulture, $": {called} was called {calls:#,0} times");
        var (fired, times) = MostFrequent(
            Events.Where(e => !e.Starts && !e.Label.Contains('#', StringComparison.Ordinal)).Select(e => e.Label)
        );
        return times < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $": {fired} fired {times:#,0} times");
    }

    private static (string Label, int Count) MostFrequent(IEnumerable<string> labels) =>
        labels.CountBy(l => l, StringComparer.Ordinal).Select(l => (l.Key, l.Value)).DefaultIfEmpty(("", 0)).MaxBy(l => l.Item2);
}
