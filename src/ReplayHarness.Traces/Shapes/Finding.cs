using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>What a finding speaks of.</summary>
public enum FindingKind
{
    /// <summary>How the run died.</summary>
    Symptom,

    /// <summary>What went wrong beneath.</summary>
    Cause,

    /// <summary>Worth knowing, but no part of the failure's identity: about the telemetry, or about the incident as a whole.</summary>
    Observation,
}

/// <summary>What makes a finding the same finding in another run: never a span name, a position, a call id or a count.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Role">The tool's name, or <c>model</c>, or <c>run</c>.</param>
/// <param name="ErrorClass">See <see cref="Shapes.ErrorClass"/>.</param>
public readonly record struct FindingIdentity(string Rule, string Role, string ErrorClass) : IComparable<FindingIdentity>
{
    /// <inheritdoc/>
    public int CompareTo(FindingIdentity other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <summary><c>rule(role, class)</c>.</summary>
    public override string ToString() => $"{Rule}({OneLine.Of(Role)}, {ErrorClass})";

    /// <summary>Ordinal order of the text.</summary>
    public static bool operator <(FindingIdentity left, FindingIdentity right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order of the text.</summary>
    public static bool operator >(FindingIdentity left, FindingIdentity right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order of the text.</summary>
    public static bool operator <=(FindingIdentity left, FindingIdentity right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order of the text.</summary>
    public static bool operator >=(FindingIdentity left, FindingIdentity right) => left.CompareTo(right) >= 0;
}

/// <summary>One rule that holds on a run, with its evidence.</summary>
/// <param name="Rule">The rule that holds.</param>
/// <param name="Role">The tool's name, or <c>model</c>, or <c>run</c>.</param>
/// <param name="ErrorClass">See <see cref="Shapes.ErrorClass"/>.</param>
/// <param name="Message">One sentence with the numbers.</param>
/// <param name="Evidence">The spans that show it.</param>
public sealed record Finding(Rule Rule, string Role, string ErrorClass, string Message, IReadOnlyList<Span> Evidence)
{
    /// <summary>What makes it the same finding elsewhere.</summary>
    public FindingIdentity Identity => new(Rule.Name, Role, ErrorClass);
}

/// <summary>A rule over a run. Each is a small class; <see cref="RuleTable"/> lists them.</summary>
public abstract class Rule
{
    /// <summary>In kebab-case.</summary>
    public abstract string Name { get; }

    /// <summary>What a finding of the rule speaks of.</summary>
    public abstract FindingKind Kind { get; }

    /// <summary>True where a finding that is new in a replay means that something is broken.</summary>
    public virtual bool IsError => true;

    /// <summary>One sentence: when the rule holds.</summary>
    public abstract string Summary { get; }

    /// <summary>
    /// Why no replay can judge an observation, even where a user asks for it; null where one can, and where the rule is always judged.
    /// </summary>
    internal virtual string? NotJudged => null;

    /// <summary>
    /// What a merged state must remember so that the rule finds the same in the same future: <see cref="RuleMemories.None"/> for a rule
    /// that looks at neither durations nor the order of calls.
    /// </summary>
    internal abstract RuleMemory Memory { get; }

    /// <summary>The findings of the rule on a run; none where it does not hold.</summary>
    internal abstract IEnumerable<Finding> Find(RunView run);
}
