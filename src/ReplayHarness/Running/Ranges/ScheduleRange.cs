using System.Globalization;

namespace ReplayHarness.Running.Ranges;

/// <summary>One of several ranges into which the schedules of a job are divided, so that several machines can run them.</summary>
/// <param name="Index">Which, from 1.</param>
/// <param name="Count">Of how many.</param>
internal sealed record ScheduleRange(int Index, int Count)
{
    /// <summary>The numbers, from 0, of its schedules among so many.</summary>
    /// <param name="schedules">How many all ranges have together.</param>
    public (int First, int Count) Of(int schedules)
    {
        var first = (int)((long)schedules * (Index - 1) / Count);
        return (first, (int)((long)schedules * Index / Count) - first);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
