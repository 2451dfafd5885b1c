using NUnit.Framework.Constraints;
using ReplayHarness.Judging;
using ReplayHarness.Running;

namespace ReplayHarness.NUnit;

/// <summary>Constraints on a <see cref="ReplayReport"/>: <c>Assert.That(report, Shows.Verdict("removed"))</c>.</summary>
public static class Shows
{
    /// <summary>The overall verdict of that name; a failure says what the replay showed instead.</summary>
    public static Constraint Verdict(string name) => new VerdictConstraint(null, name);

    /// <summary>The verdict of one hypothesis.</summary>
    public static Constraint Verdict(string hypothesis, string name) => new VerdictConstraint(hypothesis, name);

    /// <summary>The incident can be closed: symptom and cause are gone.</summary>
    public static Constraint FailureRemoved => Verdict(VerdictKind.Removed.Text());
}
