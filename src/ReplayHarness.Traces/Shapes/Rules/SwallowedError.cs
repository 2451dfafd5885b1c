using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>A tool failed for good, and the final answer reads as if it had not.</summary>
internal sealed partial class SwallowedError : Rule
{
    public override string Name => "swallowed-error";

    // Words decide it, and only English ones: shown, never judged.
    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary =>
        "A tool failed and was never answered well, the run ended without an error, and no word of the final answer speaks of it.";

    internal override string? NotJudged => "it reads the words of the last answer, which a replay makes up";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        if (run.Run.Failed || FinalAnswer(run) is not { } answer || Admits().IsMatch(answer.Text))
            yield break;
        foreach (var calls in run.ToolCalls.GroupBy(c => c.Name, StringComparer.Ordinal))
            if (calls.Last() is var last && !run.IsVictim(last) && (last.Error ?? SoftErrors.In(last.Result)) is { } error)
                yield return new(
                    this,
                    last.Name,
                    run.ClassOf(last) ?? ErrorClass.Of(error),
                    $"{last.Name} failed ({error}), and the final answer does not say so: {Short(answer.Text)}",
                    [last.Span, answer.Span]
                );
    }

    private static (string Text, Span Span)? FinalAnswer(RunView run)
    {
        if (run.Run.ModelCalls.LastOrDefault() is not { Output: { } output } last || output.Any(m => m.Parts.Any(p => p is ToolCallPart)))
            return null;
        var text = string.Concat(output.SelectMany(m => m.Parts).OfType<TextPart>().Select(p => p.Content));
        return text.Length == 0 ? null : (text, last.Span);
    }

    private static string Short(string text)
    {
        const int Most = 80;
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Most ? $"\"{line}\"" : $"\"{line[..Most]}…\"";
    }

    [GeneratedRegex(
        @"\b(error|fail|unable|could ?n[o']t|can ?n[o']t|cannot|not able|unavailable|sorry|unfortunately"
            + @"|problem|issue|trouble|time[ds]? ?out|did ?n[o']t|does ?n[o']t"
            + @"|was ?n[o']t|no answer|not (found|available|answer)|try again|missing|partial|without|only)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Admits();
}
