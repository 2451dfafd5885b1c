using System.Globalization;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>A span of time as Prometheus writes it: minutes, hours or days.</summary>
internal static class PromWindow
{
    public static bool IsValid(string text) =>
        text.Length > 1 && (text[^1] is 'm' or 'h' or 'd') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 100_000;
}
