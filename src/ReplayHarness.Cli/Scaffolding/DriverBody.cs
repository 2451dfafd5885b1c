namespace ReplayHarness.Cli.Scaffolding;

/// <summary>What a driver says. No text of a trace is in it, and of the agent's sources names alone.</summary>
/// <param name="What">What it is, for its documentation.</param>
/// <param name="Usings">The namespaces of packages that it needs.</param>
/// <param name="OfAgent">The agent's own namespaces.</param>
/// <param name="Register">The lines that fill the container.</param>
/// <param name="Run">The lines that start the agent.</param>
internal sealed record DriverBody(
    string What,
    IReadOnlyList<string> Usings,
    IReadOnlyList<string> OfAgent,
    IReadOnlyList<string> Register,
    IReadOnlyList<string> Run
)
{
    private static readonly string[] s_always = ["Microsoft.Extensions.DependencyInjection", "ReplayHarness.Replays"];

    /// <summary>The driver, from its template; the namespace is left to be filled.</summary>
    public string Fill(string template) =>
        template
            .Replace("$USINGS", Using("", Usings.Concat(s_always)), StringComparison.Ordinal)
            // Within the namespace: there the agent's names win over an incident that is called as its agent.
            .Replace(
                "$AGENT",
                OfAgent.Any(n => n.Length > 0) ? "\n" + Using("global::", OfAgent).TrimEnd('\n') + "\n" : "",
                StringComparison.Ordinal
            )
            .Replace("$WHAT", What, StringComparison.Ordinal)
            .Replace("$REGISTER", Lines(Register), StringComparison.Ordinal)
            .Replace("$RUN", Lines(Run), StringComparison.Ordinal);

    private static string Using(string prefix, IEnumerable<string> names) =>
        string.Concat(
            names
                .Where(n => n.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(n => $"using {prefix}{n};\n")
                .Append("\n")
        );

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Select(l => l.Length == 0 ? l : $"        {l}"));
}
