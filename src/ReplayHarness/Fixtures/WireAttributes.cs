using System.Globalization;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Fixtures;

/// <summary>What a recording from the wire says of a model's answer, beyond the conventions' attributes.</summary>
internal static class WireAttributes
{
    /// <summary>When each piece of the stream came, in seconds from the request.</summary>
    public const string StreamSecondsName = Harness.StreamSecondsName;

    /// <summary>How the answer broke off.</summary>
    public const string BrokenName = Harness.BrokenName;

    public static IReadOnlyList<double>? StreamSeconds(Span span) =>
        span.Attributes.Structure(StreamSecondsName) is IReadOnlyList<object?> list
            ? [.. list.Select(v => Convert.ToDouble(v, CultureInfo.InvariantCulture))]
            : null;

    public static BrokenAnswer? Broken(Span span) =>
        Enum.TryParse<BrokenAnswer>(span.Attributes.Text(BrokenName), ignoreCase: true, out var broken) ? broken : null;
}
