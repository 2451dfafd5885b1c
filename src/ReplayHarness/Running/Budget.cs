using System.Globalization;

namespace ReplayHarness.Running;

/// <summary>
/// The most that is explored for one hypothesis. What was explored when it runs out is judged, and nothing more is established.
/// </summary>
public sealed record Budget
{
    /// <summary>100,000 schedules, without a bound on time.</summary>
    public static Budget Default { get; } = new();

    /// <summary>The most schedules; above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or less.</exception>
    public int Schedules
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "expected more than 0 schedules");
    } = 100_000;

    /// <summary>The most real time; null for no bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or less.</exception>
    public TimeSpan? Time
    {
        get;
        init =>
            field =
                value is null || value > TimeSpan.Zero
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "expected a time above 0");
    }

    /// <summary>For people: <c>100000 schedules</c>, or <c>30 s</c>.</summary>
    public override string ToString() =>
        Time is { } time
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{Schedules} schedules");
}
