using System.Globalization;

namespace ReplayHarness.Shapes;

/// <summary>Durations as people read them in a trace view.</summary>
internal static class Durations
{
    // Beyond it a duration is no time that passes, and none that can be computed with.
    private const double MostSeconds = 1e11;

    /// <summary>The same of seconds that a file says: any number.</summary>
    public static string Text(double seconds) => Text(TimeSpan.FromSeconds(Math.Clamp(seconds, -MostSeconds, MostSeconds)));

    /// <summary><c>403 µs</c> below a millisecond, <c>312 ms</c> below a second, else seconds with two digits: <c>60.83 s</c>.</summary>
    public static string Text(TimeSpan duration) =>
        duration.TotalMilliseconds switch
        {
            < 1 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds:0} µs"),
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0} ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.00} s"),
        };
}
