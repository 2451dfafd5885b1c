using NUnit.Framework.Constraints;
using ReplayHarness.Verdicts;

namespace ReplayHarness.NUnit;

internal sealed class VerdictConstraint(string? hypothesis, string expected) : Constraint
{
    public override string Description => hypothesis is null ? $"verdict {expected}" : $"verdict {expected} under {hypothesis}";

    public override ConstraintResult ApplyTo<TActual>(TActual actual)
    {
        if (actual is not ReplayReport report) throw new ArgumentException($"expected a {nameof(ReplayReport)}", nameof(actual));
        var judged = hypothesis is null ? null : report.Hypotheses.FirstOrDefault(h => h.Name == hypothesis);
        var (verdict, sentence) = hypothesis is null ? (report.Verdict.Text(), report.Sentence)
            : judged is null ? ("not run", $"the fixture has no hypothesis {hypothesis}")
            : (judged.Verdict.Text(), judged.Sentence);
        return new ConstraintResult(this, $"{verdict}: {sentence}", verdict == expected);
    }
}
