using NUnit.Framework.Constraints;
using ReplayHarness.Judging;
using ReplayHarness.Running;

namespace ReplayHarness.NUnit;

/// <summary>Constraints on a <see cref="ReplayReport"/>: <c>Assert.That(report, Shows.Verdict(VerdictKind.Removed))</c>.</summary>
public static class Shows
{
    /// <summary>An overall verdict; a failure says what the replay showed instead.</summary>
    public static Constraint Verdict(VerdictKind verdict) => new VerdictConstraint(null, verdict);

    /// <summary>The verdict of one hypothesis.</summary>
    public static Constraint Verdict(string hypothesis, VerdictKind verdict) => new VerdictConstraint(hypothesis, verdict);

    /// <summary>The incident can be closed: symptom and cause are gone.</summary>
    public static Constraint FailureRemoved => Verdict(VerdictKind.Removed);
}
