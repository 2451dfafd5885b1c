using ReplayHarness.Judging;

namespace ReplayHarness.Running;

/// <summary>Everything a replay job has to say.</summary>
public sealed record ReplayReport
{
    /// <summary>What was replayed.</summary>
    public required ReplayJob Job { get; init; }

    /// <summary>The .NET runtime on which the agent was replayed, and those that replays are tested with; empty for an agent in another process.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>All hypotheses together.</summary>
    public required VerdictKind Verdict { get; init; }

    /// <summary>A sentence for a person.</summary>
    public required string Sentence { get; init; }

    /// <summary>Each hypothesis.</summary>
    public required IReadOnlyList<HypothesisVerdict> Hypotheses { get; init; }

    /// <summary>What the kernel did not control.</summary>
    public required IReadOnlyList<string> Uncontrolled { get; init; }

    /// <summary>The seed of random schedules.</summary>
    public required ulong Seed { get; init; }

    /// <summary>A hash over the logs of all schedules of every hypothesis, the captured one first: equal hashes mean equal replays.</summary>
    public required string LogHash { get; init; }

    /// <summary>Virtual time that passed in all schedules.</summary>
    public required double VirtualSeconds { get; init; }
}
