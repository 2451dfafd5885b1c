using System.Globalization;

namespace ReplayHarness.Running;

/// <summary>How far an exploration is.</summary>
/// <param name="Hypothesis">The hypothesis that is explored.</param>
/// <param name="Runs">How many schedules ran.</param>
/// <param name="Seconds">For how long, in seconds of real time.</param>
/// <param name="Fraction">
/// The part of the space that is explored, from 0 to 1, as if all branches were alike; null where nothing tells.
/// </param>
public sealed record ReplayProgress(string Hypothesis, int Runs, double Seconds, double? Fraction)
{
    /// <summary>One line for people: rate, and an estimate of what is left.</summary>
    public override string ToString()
    {
        var rate = Runs / Math.Max(Seconds, 0.001);
        var left = Fraction is > 0.001 and < 1
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", {Fraction:0.0%}, about {Seconds * (1 - Fraction.Value) / Fraction.Value:#,0} s left"
            )
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Hypothesis}: {Runs:#,0} schedules, {rate:#,0}/s{left}");
    }
}
