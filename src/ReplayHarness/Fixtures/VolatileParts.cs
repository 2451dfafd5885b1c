using System.Text.RegularExpressions;

namespace ReplayHarness.Fixtures;

/// <summary>Parts of arguments that differ from run to run: ids and timestamps.</summary>
internal static partial class VolatileParts
{
    /// <summary>The text with every such part replaced.</summary>
    public static string Mask(string text) => Timestamp().Replace(Id().Replace(text, "<id>"), "<time>");

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|(call|toolu|req|msg)_[0-9A-Za-z]+")]
    private static partial Regex Id();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?|\b1[5-9]\d{8}(\d{3})?\b")]
    private static partial Regex Timestamp();
}
