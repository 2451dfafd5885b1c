using System.Globalization;

namespace ReplayHarness.Shapes;

/// <summary>
/// How deep spans are drawn. Below that a person sees no nesting any more, and a chain of a hundred thousand would be as wide as it is
/// long: only spans that are marked are drawn there, and the others are counted.
/// </summary>
internal static class Depth
{
    /// <summary>The most levels that are drawn.</summary>
    public const int Most = 40;

    /// <summary>Says how many spans are not drawn.</summary>
    public static string Left(int count) => string.Create(CultureInfo.InvariantCulture, $"… {count:#,0} span(s) further within");
}
