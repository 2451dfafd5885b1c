using System.Text.Json.Serialization;

namespace ReplayHarness.Running;

/// <summary>What was replayed: a fixture, an agent, and how.</summary>
internal sealed record ReplayJob
{
    /// <summary>The fixture's folder, as it was given.</summary>
    public required string Fixture { get; init; }

    /// <summary>The assembly that holds the driver, as it was given; null for an agent in another process.</summary>
    public string? Assembly { get; init; }

    /// <summary>The driver's type name; null where the assembly holds just one.</summary>
    public string? Driver { get; init; }

    /// <summary>The command of an agent in another process; null for one in an assembly.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>How it was replayed.</summary>
    public ReplayOptions Options { get; init; } = new();

    /// <summary>
    /// Whether the calls of one turn run at once, or one after the other; null where that is the agent's own affair.
    /// </summary>
    public bool? ToolsAtOnce { get; init; }

    /// <summary>The agent in a few words: <c>Agent.dll:Shipped</c>, or its command.</summary>
    [JsonIgnore]
    public string Agent => Command is { } words ? string.Join(' ', words) : $"{Assembly}{(Driver is null ? "" : ":" + Driver)}";
}
