namespace ReplayHarness.Traces.Dialects;

/// <summary>Names of one tool: <c>Rates-get_rate</c> as the model asks for it, <c>get_rate</c> as its span may say.</summary>
internal static class ToolNames
{
    // Of the current version, of earlier ones, and of its adapter for other clients.
    private const string Separators = "-_.";

    /// <summary>The name of a plugin's function as the model asks for it.</summary>
    public static string Qualified(string plugin, string function) => $"{plugin}-{function}";

    /// <summary>Whether a name is another one, or the other one behind the name of a plugin.</summary>
    public static bool AreOne(string one, string other) => one == other || IsQualified(one, other) || IsQualified(other, one);

    private static bool IsQualified(string name, string function) =>
        name.Length > function.Length + 1
        && name.EndsWith(function, StringComparison.Ordinal)
        && Separators.Contains(name[^(function.Length + 1)], StringComparison.Ordinal);
}
