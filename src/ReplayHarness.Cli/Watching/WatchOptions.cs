using ReplayHarness.Fixtures.Redacting;

namespace ReplayHarness.Cli.Watching;

/// <summary>How something is watched.</summary>
internal sealed record WatchOptions
{
    /// <summary>What messages call the source.</summary>
    public required string Source { get; init; }

    /// <summary>The folder of notes, and of fixtures where no tests are written.</summary>
    public required string Out { get; init; }

    /// <summary>The file of the state.</summary>
    public required string State { get; init; }

    /// <summary>The test project that tests are written into, or null.</summary>
    public string? Agent { get; init; }

    /// <summary>The full name of a driver that the project has, or null.</summary>
    public string? Driver { get; init; }

    /// <summary>The agent's project, or null.</summary>
    public string? Project { get; init; }

    /// <summary>The agent's class, or null.</summary>
    public string? Start { get; init; }

    /// <summary>What is redacted.</summary>
    public required RedactionOptions Redaction { get; init; }

    /// <summary>How long a trace must have been quiet before it counts as whole.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>The time between two passes; null for one pass.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How many shapes get a fixture.</summary>
    public required int Most { get; init; }

    /// <summary>How the paths of what watching writes begin: it is no part of the source.</summary>
    public IReadOnlyList<string> Own =>
        [
            State,
            Path.Combine(Out, ShapeFixtures.Prefix),
            .. Agent is null
                ? []
                : (string[])[Path.Combine(Agent, ShapeFixtures.Prefix), Path.Combine(Agent, "fixtures", ShapeFixtures.Prefix)],
        ];

    /// <summary>Whether one JSON document is printed a pass.</summary>
    public bool Json { get; init; }
}
