using NUnit.Framework.Constraints;
using ReplayHarness.Judging;
using ReplayHarness.Reports;
using ReplayHarness.Running;

namespace ReplayHarness.NUnit;

internal sealed class VerdictConstraint(string? hypothesis, VerdictKind expected) : Constraint
{
    public override string Description =>
        hypothesis is null ? $"verdict {expected.Text()}" : $"verdict {expected.Text()} under {hypothesis}";

    public override ConstraintResult ApplyTo<TActual>(TActual actual)
    {
        if (actual is not ReplayReport report)
            throw new ArgumentException($"expected a {nameof(ReplayReport)}", nameof(actual));
        var judged = hypothesis is null ? null : report.Hypotheses.FirstOrDefault(h => h.Name == hypothesis);
        var (verdict, sentence) =
            hypothesis is null ? (report.Verdict.Text(), report.Sentence)
            : judged is null ? ("not run", $"The fixture has no hypothesis {hypothesis}.")
            : (judged.Verdict.Text(), judged.Sentence);
        return new Result(this, report, verdict, sentence, verdict == expected.Text());
    }

    private sealed class Result(VerdictConstraint constraint, ReplayReport report, string verdict, string sentence, bool success)
        : ConstraintResult(constraint, verdict, success)
    {
        public override void WriteMessageTo(MessageWriter writer)
        {
            Attachments.Add(report);
            writer.WriteLine($"  Expected: {Description}");
            writer.WriteLine(ReportText.Line($"  But was:  {verdict}. {sentence}"));
            writer.WriteLine();
            foreach (var line in ReportText.Of(report, RemedyWords.Of).TrimEnd().Split('\n'))
                writer.WriteLine(line.Length == 0 ? "" : $"  {line}");
            writer.WriteLine($"  rerun: {Rerun.Command(report.Job)}");
        }
    }
}
