using ReplayHarness.Fixtures;

namespace ReplayHarness.Judging;

/// <summary>Why nothing is established.</summary>
/// <param name="Reason">A sentence without its full stop.</param>
/// <param name="Remedy">What to do, or null where the reason says it.</param>
internal sealed record Doubt(string Reason, Remedy? Remedy = null)
{
    /// <summary>True where it says that the fixture's responses were not shown to be right.</summary>
    public bool OfCalibration { get; init; }

    /// <summary>The fixture's responses were not shown to be right.</summary>
    public static Doubt Uncalibrated(string reason, Remedy? remedy = null) =>
        new($"uncalibrated: {reason}", remedy) { OfCalibration = true };
}
