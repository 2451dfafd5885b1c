namespace ReplayHarness.Traces.Dialects;

/// <summary>JSON as .NET's frameworks write it into telemetry: indented by two blanks.</summary>
internal static class Indented
{
    /// <summary>Whether a text is an indented object, or a list of such.</summary>
    public static bool Is(string? text) =>
        text is not null
        && (text.ReplaceLineEndings("\n") is var lines)
        && (lines.StartsWith("{\n  \"", StringComparison.Ordinal) || lines.StartsWith("[\n  {\n    \"", StringComparison.Ordinal));

    /// <summary>The same without the white space; what is no object and no list stays as it is.</summary>
    public static string? Compact(string? text) => Is(text) && Json.TryParse(text!) is { } value and not string ? Json.Write(value) : text;
}
