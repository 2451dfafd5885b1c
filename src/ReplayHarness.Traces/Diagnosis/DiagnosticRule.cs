namespace ReplayHarness.Diagnosis;

/// <summary>How much speaks for a hypothesis.</summary>
public enum Confidence
{
    /// <summary>One signal, or one that could mean something else.</summary>
    Weak,

    /// <summary>Two signals that agree.</summary>
    Moderate,

    /// <summary>Three or more.</summary>
    Strong,
}

/// <summary>What a replay has made of a hypothesis.</summary>
public enum HypothesisState
{
    /// <summary>No replay has judged it.</summary>
    Open,

    /// <summary>A replay shows it.</summary>
    Confirmed,

    /// <summary>A replay that could have shown it does not.</summary>
    Refuted,
}

/// <summary>Why the run may have failed: a claim, what speaks for it, and the command that would decide it.</summary>
/// <param name="Rule">The rule that gave it.</param>
/// <param name="Claim">One sentence.</param>
/// <param name="Evidence">What speaks for it: one line a signal.</param>
/// <param name="Confidence">How much that is.</param>
/// <param name="Next">The command that would confirm or refute it.</param>
/// <param name="State">What replays have made of it so far.</param>
/// <param name="Judged">What the replay said that decided it, or null.</param>
public sealed record DiagnosticHypothesis(
    string Rule,
    string Claim,
    IReadOnlyList<string> Evidence,
    Confidence Confidence,
    string Next,
    HypothesisState State,
    string? Judged
);

/// <summary>
/// A rule that gives a hypothesis from the signals of a run. Each is a small class; <see cref="DiagnosticRuleTable"/> lists them in the
/// order in which hypotheses are.
/// </summary>
internal abstract class DiagnosticRule
{
    private protected DiagnosticRule() { }

    /// <summary>In kebab-case.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence: when the rule holds.</summary>
    public abstract string Summary { get; }

    // What it contributes to the one-line conclusion: the first hypothesis is its subject, the others qualify it.
    internal abstract string Phrase { get; }

    internal virtual string? Qualifier(DiagnosticCase run) => null;

    // Signals that say more about words or metrics than about the run are never more than this.
    internal virtual Confidence AtMost => Confidence.Strong;

    internal abstract Suspicion? Find(DiagnosticCase run);
}

/// <summary>What a rule found.</summary>
/// <param name="Claim">One sentence.</param>
/// <param name="Evidence">One line a signal.</param>
/// <param name="Plan">The replay that would decide it, or null where none can.</param>
/// <param name="Next">The command to go on with where no replay can decide it.</param>
internal sealed record Suspicion(string Claim, IReadOnlyList<string> Evidence, ReplayPlan? Plan, string? Next = null);
